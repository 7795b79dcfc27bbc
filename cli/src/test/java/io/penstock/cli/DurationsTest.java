package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @Test
    void readsUnitsFromLargeToSmall() {
        assertThat(Durations.parse("every", "250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(Durations.parse("every", "60s")).isEqualTo(Duration.ofMinutes(1));
        assertThat(Durations.parse("every", "1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Durations.parse("every", "7d")).isEqualTo(Duration.ofDays(7));
        assertThat(Durations.parse("every", "0")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", "-1s", "1 s", "1s1h", "1.5h", "1w"})
    void refusesWhatIsNoLengthOfTime(String text) {
        assertThatThrownBy(() -> Durations.parse("every", text))
                .isInstanceOf(UsageException.class)
                .hasMessage("every: '" + text + "' is not a length of time (expected: such as 250ms, 60s, 1h30m, 7d)");
    }
}
