package io.penstock.store.cassandra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverSettingsTest {
    /** The driver takes whole seconds, of which none switches heartbeats off, and wants the answer within the interval. */
    @ParameterizedTest
    @ValueSource(longs = {100, 999, 1_000, 1_001, 2_000, 60_000})
    void aSilentConnectionIsAlwaysFound(long timeoutMillis) {
        DriverExecutionProfile settings =
                DriverSettings.of(config(timeoutMillis)).getInitialConfig().getDefaultProfile();
        long intervalSeconds =
                settings.getDuration(DefaultDriverOption.HEARTBEAT_INTERVAL).toSeconds();
        Duration interval = Duration.ofSeconds(intervalSeconds);
        Duration answer = settings.getDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT);
        assertThat(interval).isPositive().isGreaterThanOrEqualTo(answer);
        assertThat(interval.plus(answer)).isLessThanOrEqualTo(Duration.ofMillis(timeoutMillis * 3 / 2 + 1_400));
    }

    private static CassandraConfig config(long timeoutMillis) {
        return new CassandraConfig(
                "cassandra://localhost:9042/penstock",
                List.of(new CassandraConfig.Contact("localhost", 9042)),
                "penstock",
                null,
                null,
                CassandraConfig.Login.NONE,
                null,
                Duration.ofMillis(timeoutMillis),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                16_384);
    }
}
