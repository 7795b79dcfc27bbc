package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CompilerWatchTest {
    private long compiledMillis = 500;
    private final CompilerWatch watch = new CompilerWatch(() -> compiledMillis, 0);

    @Test
    void isCalmOnceASpanWithLittleWorkHasPassed() {
        compiledMillis += 80;

        assertThat(watch.isCalm(millis(999))).as("the span is not over").isFalse();
        assertThat(watch.isCalm(millis(1_000))).isTrue();
    }

    @Test
    void isNotCalmWhileItWorksHoweverCalmItWasBefore() {
        assertThat(watch.isCalm(millis(1_000))).isTrue();
        compiledMillis += 300;
        assertThat(watch.isCalm(millis(2_000))).isFalse();
        compiledMillis += 250;
        assertThat(watch.isCalm(millis(4_000))).as("an eighth of two seconds").isFalse();
        compiledMillis += 50;
        assertThat(watch.isCalm(millis(5_000))).isTrue();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
