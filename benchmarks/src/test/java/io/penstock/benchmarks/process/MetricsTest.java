package io.penstock.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void sumsAMetricOverItsLabels() {
        Metrics metrics =
                Metrics.parse("# HELP a b\na_total{dataset=\"x y\"} 3.0\na_total{dataset=\"z\"} 4.0\nready 1.0\n");

        assertThat(metrics.sum("a_total")).isEqualTo(7);
        assertThat(metrics.sum("ready")).isEqualTo(1);
        assertThat(metrics.sum("none")).isZero();
    }

    @Test
    void tellsTheHitRatioBetweenTwoMoments() {
        Metrics before = Metrics.parse("penstock_cache_hits_total 10\npenstock_cache_misses_total 10\n");
        Metrics after = Metrics.parse("penstock_cache_hits_total 40\npenstock_cache_misses_total 20\n");

        assertThat(after.hitRatioSince(before)).isEqualTo(0.75);
        assertThat(before.hitRatioSince(before)).isNaN();
    }
}
