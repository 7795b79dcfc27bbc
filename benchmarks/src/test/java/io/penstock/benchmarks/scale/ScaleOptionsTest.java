package io.penstock.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ScaleOptionsTest {
    @Test
    void goesUpByPowersOfTen() {
        assertThat(new ScaleOptions(1_000_000, true, null).steps()).containsExactly(100_000L, 1_000_000L);
        assertThat(new ScaleOptions(30_000, true, null).steps()).containsExactly(30_000L);
        assertThat(new ScaleOptions(100_000_000, false, null).steps()).containsExactly(100_000_000L);
    }

    @Test
    void refusesNothingToCompare() {
        assertThatThrownBy(() -> new ScaleOptions(10_000, true, null))
                .hasMessage("max rows: 10000 (expected: more than 10000, at most 2147483647)");
    }
}
