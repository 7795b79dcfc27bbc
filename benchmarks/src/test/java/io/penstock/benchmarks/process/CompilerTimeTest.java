package io.penstock.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CompilerTimeTest {
    private static final String FIELDS = " S 1 2 3 0 -1 4194368 10 0 0 0 120 30 0 0 20 0 25 0 777 1000 100";

    @Test
    void isWhatACompilersThreadTookOfTheProcessorAndTheKernel() {
        assertThat(CompilerTime.compilerTicks("41 (C2 CompilerThre)" + FIELDS)).isEqualTo(150);
        assertThat(CompilerTime.compilerTicks("42 (C1 CompilerThre)" + FIELDS)).isEqualTo(150);
        assertThat(CompilerTime.compilerTicks("43 (load-0)" + FIELDS)).isZero();
        assertThat(CompilerTime.compilerTicks("")).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void isSeenOfThisJvmAndOfNoneThatHasEnded() {
        long own = ProcessHandle.current().pid();

        assertThat(CompilerTime.of(List.of(own))).isPositive();
        assertThat(CompilerTime.of(List.of(Long.MAX_VALUE))).isEqualTo(Duration.ZERO);
    }
}
