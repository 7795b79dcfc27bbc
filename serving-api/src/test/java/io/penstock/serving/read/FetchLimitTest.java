package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FetchLimitTest {
    private static final int MAX = 8_192;
    private static final Duration SLOW = Duration.ofMillis(40);

    private final FetchLimit limit = new FetchLimit(MAX, SLOW);
    private long turn;

    @Test
    void doesNotLimitAHealthyStoreWhateverTheTurnsAsk() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            answer(random.nextInt(4) == 0 ? Duration.ofMillis(15) : Duration.ofNanos(200_000));
        }
        assertThat(limit.fetches()).isEqualTo(MAX);
    }

    /** Pauses of the collector, forks of the store, stolen processors: they come for as long as a process lives. */
    @Test
    void forgetsSingleSlowTurns() {
        for (int i = 0; i < 20_000; i++) {
            answer(i % 50 == 0 ? Duration.ofMillis(200) : Duration.ofMillis(1));
        }
        assertThat(limit.fetches()).isEqualTo(MAX);
    }

    @Test
    void shrinksWhileTheStoreIsSlowAndGrowsAgainWhenItIsNotHoweverLittleIsAsked() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            answer(Duration.ofMillis(30 + random.nextInt(41))); // 50 ± 20 ms
        }
        assertThat(limit.fetches()).isLessThan(400);
        for (int i = 0; i < 100; i++) {
            answer(Duration.ofMillis(60));
        }
        assertThat(limit.fetches()).isEqualTo(FetchLimit.FETCHES_MIN);

        for (int i = 0; i < 200; i++) {
            answer(Duration.ofMillis(1));
        }
        assertThat(limit.fetches()).as("a large batch is let in again").isGreaterThan(1_000);
        for (int i = 0; i < 250; i++) {
            answer(Duration.ofMillis(1));
        }
        assertThat(limit.fetches()).isEqualTo(MAX);
    }

    @Test
    void oneSlowAnswerCostsATenth() {
        answer(Duration.ofMillis(500));
        assertThat(limit.fetches()).isEqualTo((int) (MAX * 0.9));
    }

    @Test
    void countsOneAnswerOfATurnHoweverManyItAskedFor() {
        for (int i = 0; i < 1_000; i++) {
            limit.answered(1, Duration.ofMillis(50).toNanos());
        }
        assertThat(limit.fetches()).isEqualTo((int) (MAX * 0.9));
    }

    @Test
    void shrinksWhenFetchesAreGivenUp() {
        limit.givenUp(1);
        assertThat(limit.fetches()).isEqualTo((int) (MAX * 0.9));
    }

    @Test
    void isNeverAboveItsBoundOrBelowASmallerOne() {
        FetchLimit small = new FetchLimit(20, SLOW);
        for (int i = 0; i < 10; i++) {
            small.answered(i, Duration.ofSeconds(1).toNanos());
        }
        assertThat(small.fetches()).isEqualTo(20);
    }

    private void answer(Duration after) {
        limit.answered(turn++, after.toNanos());
    }
}
