package io.penstock.publisher.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleBehaviourTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private long nowNanos = 5 * SECOND;
    private long pausedNanos;

    @Test
    void takesAsLongAsTheRateAllows() {
        Throttle throttle = throttle(1_000_000);

        for (int i = 0; i < 2_000; i++) {
            throttle.moved(1_000);
        }

        assertThat(pausedNanos).isBetween(SECOND * 19 / 10, SECOND * 2);
    }

    @Test
    void countsTheTimeThatTheWorkItselfTook() {
        Throttle throttle = throttle(1_000_000);

        for (int i = 0; i < 10; i++) {
            nowNanos += SECOND / 20;
            throttle.moved(100_000);
        }

        assertThat(pausedNanos).isBetween(SECOND * 4 / 10, SECOND * 6 / 10);
    }

    @Test
    void doesNotSaveUpWhatWasNotUsed() {
        Throttle throttle = throttle(1_000_000);
        nowNanos += 60 * SECOND;

        throttle.moved(1_000_000);

        assertThat(pausedNanos).isEqualTo(SECOND * 9 / 10);
    }

    @Test
    void neverWaitsWithoutALimit() {
        Throttle throttle = throttle(Throttle.UNLIMITED);

        throttle.moved(Long.MAX_VALUE);

        assertThat(pausedNanos).isZero();
    }

    private Throttle throttle(long bytesPerSecond) {
        return new Throttle(bytesPerSecond, () -> nowNanos, pause -> {
            pausedNanos += pause.toNanos();
            nowNanos += pause.toNanos();
        });
    }
}
