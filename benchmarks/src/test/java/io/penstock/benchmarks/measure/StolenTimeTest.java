package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.measure.StolenTime.Ticks;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StolenTimeTest {
    @Test
    void isTheEighthNumberOfAllEight() {
        Ticks before = ticks("cpu  100 0 50 800 10 0 5 35 7 0");
        Ticks after = ticks("cpu  160 0 60 810 10 0 5 55 9 0");

        assertThat(before).isEqualTo(new Ticks(1000, 35));
        assertThat(after.stolenShareSince(before)).isEqualTo(0.2);
        assertThat(after.stolenShareSince(after)).isZero();
    }

    @Test
    void isUnknownWhereTheFirstLineIsAnother() {
        assertThat(Ticks.parse("intr 1 2 3")).isNull();
        assertThat(Ticks.parse("cpu 1 2 3")).isNull();
    }

    private static Ticks ticks(String line) {
        return Objects.requireNonNull(Ticks.parse(line));
    }
}
