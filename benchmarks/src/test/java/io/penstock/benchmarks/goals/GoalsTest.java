package io.penstock.benchmarks.goals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.scale.ScaleOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalsTest {
    private static final ScaleOptions SCALE = new ScaleOptions(100_000, false, null);

    @Test
    void everyGoalHasANameOfItsOwn() {
        List<Measurement> all = Goals.all(SCALE);

        assertThat(all).extracting(Measurement::name).doesNotHaveDuplicates();
        assertThat(all.stream().flatMap(goal -> goal.targets().stream()))
                .extracting(Target::name)
                .doesNotHaveDuplicates();
    }

    @Test
    void someCanBeChosenAndKeepTheirOrder() {
        assertThat(Goals.named(List.of("heap", "hit-p99"), SCALE))
                .extracting(Measurement::name)
                .containsExactly("hit-p99", "heap");
    }

    @Test
    void refusesAGoalThatIsNone() {
        assertThatThrownBy(() -> Goals.named(List.of("heap", "speed"), SCALE))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageStartingWith("no goal is called speed (expected: some of hit-throughput,");
    }
}
