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
            boolean batches = random.nextInt(4) == 0;
            answer(batches ? Duration.ofMillis(15) : Duration.ofNanos(200_000), batches ? 8_000 : 5);
        }
        assertThat(limit.fetches()).isEqualTo(MAX);
    }

    @Test
    void shrinksWhileTheStoreIsSlowAndGrowsAgainWithTheDemandWhenItIsNot() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            answer(Duration.ofMillis(30 + random.nextInt(41)), limit.fetches()); // 50 ± 20 ms
        }
        assertThat(limit.fetches()).isLessThan(400);
        for (int i = 0; i < 100; i++) {
            answer(Duration.ofMillis(60), limit.fetches());
        }
        assertThat(limit.fetches()).isEqualTo(FetchLimit.FETCHES_MIN);

        for (int i = 0; i < 2_000; i++) {
            answer(Duration.ofMillis(1), limit.fetches());
        }
        assertThat(limit.fetches()).as("one more an answer").isEqualTo(FetchLimit.FETCHES_MIN + 2_000);
    }

    @Test
    void oneSlowAnswerCostsATenth() {
        answer(Duration.ofMillis(500), 10);
        assertThat(limit.fetches()).isEqualTo((int) (MAX * 0.9));
    }

    @Test
    void countsOneAnswerOfATurnHoweverManyItAskedFor() {
        for (int i = 0; i < 1_000; i++) {
            limit.answered(1, 0, Duration.ofMillis(50).toNanos(), 1_000);
        }
        assertThat(limit.fetches()).isEqualTo((int) (MAX * 0.9));
    }

    @Test
    void shrinksWhenFetchesAreGivenUp() {
        limit.givenUp(1, 0, 1, 10);
        assertThat(limit.fetches()).isEqualTo((int) (MAX * 0.9));
    }

    @Test
    void isNeverAboveItsBoundOrBelowASmallerOne() {
        FetchLimit small = new FetchLimit(20, SLOW);
        for (int i = 0; i < 10; i++) {
            small.answered(i, 0, Duration.ofSeconds(1).toNanos(), 20);
        }
        assertThat(small.fetches()).isEqualTo(20);
    }

    private void answer(Duration after, int inFlight) {
        limit.answered(turn++, 0, after.toNanos(), inFlight);
    }
}
