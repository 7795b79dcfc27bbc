package io.penstock.benchmarks.goals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.BenchmarkException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MgetBaselineTest {
    @Test
    void readsTheRequestsPerSecondOfRedisBenchmark() {
        List<String> csv =
                List.of("\"test\",\"rps\",\"avg_latency_ms\"", "\"MGET key:__rand_int__, x\",\"8474.58\",\"3.1\"");

        assertThat(MgetBaseline.RedisBenchmark.requestsPerSecond(csv)).isEqualTo(8474.58);
    }

    @Test
    void refusesWhatIsNoResult() {
        assertThatThrownBy(() -> MgetBaseline.RedisBenchmark.requestsPerSecond(List.of("Error: refused")))
                .isInstanceOf(BenchmarkException.class);
        assertThatThrownBy(() -> MgetBaseline.RedisBenchmark.requestsPerSecond(List.of()))
                .isInstanceOf(BenchmarkException.class);
    }
}
