package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import org.junit.jupiter.api.Test;

class SaturationTest {
    @Test
    void findsTheHighestRateThatIsSustained() throws Exception {
        double found = Saturation.search(100_000, 5, rate -> rate <= 63_000);

        assertThat(found).isLessThanOrEqualTo(63_000).isCloseTo(63_000, withPercentage(5));
    }

    @Test
    void findsNothingWhenTheLeastIsTooMuch() throws Exception {
        assertThat(Saturation.search(100_000, 5, rate -> false)).isZero();
    }
}
