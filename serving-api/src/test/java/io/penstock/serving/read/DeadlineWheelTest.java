package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
    private final ManualScheduler time = new ManualScheduler();
    private int scheduled;
    private final DeadlineWheel wheel = new DeadlineWheel(
            (task, delayNanos) -> {
                scheduled++;
                var future = time.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
                return () -> future.cancel(false);
            },
            time::nanoTime);

    @Test
    void everyDeadlineExpiresOnceNeverEarlyAndAtMostAMillisecondLate() {
        Random random = new Random(3);
        List<Recorder> all = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Recorder recorder = new Recorder(time.nanoTime() + random.nextLong(3_000_000_000L));
            wheel.add(recorder, recorder.atNanos);
            all.add(recorder);
            if (random.nextInt(3) == 0) {
                Recorder gone = all.remove(random.nextInt(all.size()));
                wheel.remove(gone);
                wheel.remove(gone);
                gone.isGone = true;
            }
            time.advance(Duration.ofNanos(random.nextInt(2_000_000)));
        }
        time.advance(Duration.ofSeconds(4));
        assertThat(wheel.size()).isZero();
        assertThat(all).allSatisfy(recorder -> {
            assertThat(recorder.expirations).isEqualTo(1);
            assertThat(recorder.lateNanos).isBetween(0L, 1_100_000L);
        });
    }

    @Test
    void armsOneTimerForManyDeadlines() {
        for (int i = 0; i < 1_000; i++) {
            wheel.add(new Recorder(0), time.nanoTime() + 500_000_000L + i);
        }
        assertThat(scheduled).isEqualTo(1);
    }

    @Test
    void aDeadlineThatHasPassedExpiresSoon() {
        time.advance(Duration.ofSeconds(5));
        Recorder late = new Recorder(time.nanoTime() - 1_000_000_000L);
        wheel.add(late, late.atNanos);
        time.advance(Duration.ofMillis(5));
        assertThat(late.expirations).isEqualTo(1);
    }

    @Test
    void survivesALoopThatStoodStillForLongerThanItsRing() {
        Recorder recorder = new Recorder(time.nanoTime() + 2_000_000_000L);
        Recorder later = new Recorder(time.nanoTime() + 20_000_000_000L);
        wheel.add(recorder, recorder.atNanos);
        wheel.add(later, later.atNanos);
        time.advance(Duration.ofSeconds(10));
        assertThat(recorder.expirations).isEqualTo(1);
        assertThat(later.expirations).isZero();
        time.advance(Duration.ofSeconds(11));
        assertThat(later.expirations).isEqualTo(1);
    }

    @Test
    void expiresAllWhenItsLoopEnds() {
        Recorder recorder = new Recorder(time.nanoTime() + 2_000_000_000L);
        wheel.add(recorder, recorder.atNanos);
        wheel.expireAll();
        assertThat(recorder.expirations).isEqualTo(1);
        assertThat(wheel.size()).isZero();
    }

    private final class Recorder extends Deadline {
        private final long atNanos;
        private int expirations;
        private long lateNanos;
        private boolean isGone;

        Recorder(long atNanos) {
            this.atNanos = atNanos;
        }

        @Override
        void expired() {
            assertThat(isGone).isFalse();
            expirations++;
            lateNanos = time.nanoTime() - atNanos;
        }
    }
}
