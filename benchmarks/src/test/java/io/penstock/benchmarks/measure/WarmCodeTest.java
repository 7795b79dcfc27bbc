package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmCodeTest {
    @Test
    void worksUntilTheCompilersWereQuietForThreeSlices() throws InterruptedException {
        assertThat(slices(900, 20, 30, 500, 40, 0, 40, 900)).isEqualTo(7);
    }

    @Test
    void takesACompilerThatHasEndedForQuiet() throws InterruptedException {
        assertThat(slices(-700, 0, 0, 900)).isEqualTo(3);
    }

    @Test
    void endsThoughTheyGoOn() throws InterruptedException {
        int[] busy = new int[40];
        Arrays.fill(busy, 41);
        assertThat(slices(busy)).isEqualTo(30);
    }

    /** Of two seconds each, in which the compilers take so many milliseconds. */
    private static int slices(int... millis) throws InterruptedException {
        Deque<Duration> looks = new ArrayDeque<>(List.of(Duration.ofSeconds(10)));
        for (int each : millis) {
            looks.add(looks.getLast().plusMillis(each));
        }
        return WarmCode.slices(span -> assertThat(span).hasSeconds(2), looks::remove);
    }
}
