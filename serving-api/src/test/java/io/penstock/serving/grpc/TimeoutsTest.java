package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeoutsTest {
    @ParameterizedTest
    @CsvSource({
        "1n,1",
        "20u,20000",
        "300m,300000000",
        "4S,4000000000",
        "5M,300000000000",
        "6H,21600000000000",
        "0m,0",
        "99999999H,9223372036854775807",
        "m,-1",
        "'',-1",
        "1,-1",
        "123456789m,-1",
        "-1m,-1",
        "1x,-1"
    })
    void readsATimeout(String timeout, long nanos) {
        assertThat(Timeouts.nanos(timeout)).isEqualTo(nanos);
    }

    @Test
    void cutsADeadlineThatNobodyLivesToSee() {
        assertThat(Timeouts.deadlineNanos(Timeouts.nanos("99999999H")) - System.nanoTime())
                .isBetween(TimeUnit.HOURS.toNanos(23), TimeUnit.HOURS.toNanos(24));
    }
}
