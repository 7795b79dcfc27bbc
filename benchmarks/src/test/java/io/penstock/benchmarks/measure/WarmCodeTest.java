package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.measure.WarmCode.Warmed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmCodeTest {
    @Test
    void worksUntilTheCompilersWereQuietForThreeSlices() throws InterruptedException {
        assertThat(work(900, 20, 30, 500, 40, 0, 40, 900)).isEqualTo(new Warmed(7, true));
    }

    @Test
    void takesACompilerThatHasEndedForQuiet() throws InterruptedException {
        assertThat(work(-700, 0, 0, 900)).isEqualTo(new Warmed(3, true));
    }

    @Test
    void endsThoughTheyGoOn() throws InterruptedException {
        int[] busy = new int[40];
        Arrays.fill(busy, 41);
        assertThat(work(busy)).isEqualTo(new Warmed(30, false));
    }

    /** Of two seconds each, in which the compilers take so many milliseconds. */
    private static Warmed work(int... millis) throws InterruptedException {
        Deque<Duration> looks = new ArrayDeque<>(List.of(Duration.ofSeconds(10)));
        for (int each : millis) {
            looks.add(looks.getLast().plusMillis(each));
        }
        return WarmCode.work(span -> assertThat(span).hasSeconds(2), looks::remove);
    }
}
