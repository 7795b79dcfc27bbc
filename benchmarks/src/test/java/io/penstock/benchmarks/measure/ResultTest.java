package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.measure.Result.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final Target AT_LEAST = Target.atLeast(0.9, "hits", "hits", "echo", "calls/s");
    private static final Target AT_MOST = Target.atMost(1.2, "p99", "p99", "steady p99", "µs");

    @Test
    void isReachedWhenTheMedianRoundIs() {
        Result result = result(AT_LEAST, new Round(95, 100), new Round(10, 100), new Round(91, 100));

        assertThat(result.ratio()).isEqualTo(0.91);
        assertThat(result.ratioMin()).isEqualTo(0.1);
        assertThat(result.ratioMax()).isEqualTo(0.95);
        assertThat(result.measured()).isEqualTo(91);
        assertThat(result.verdict()).isEqualTo(Verdict.REACHED);
    }

    @Test
    void saysThatAMissedGoalIsMissed() {
        assertThat(result(AT_LEAST, new Round(89.9, 100)).verdict()).isEqualTo(Verdict.MISSED);
        assertThat(result(AT_MOST, new Round(121, 100)).verdict()).isEqualTo(Verdict.MISSED);
    }

    @Test
    void reachesTheLimitItself() {
        assertThat(result(AT_LEAST, new Round(90, 100)).verdict()).isEqualTo(Verdict.REACHED);
        assertThat(result(AT_MOST, new Round(120, 100)).verdict()).isEqualTo(Verdict.REACHED);
    }

    @Test
    void comparesEachRoundWithItsOwnBaseline() {
        Result result = result(AT_LEAST, new Round(50, 50), new Round(100, 100), new Round(95, 200));

        assertThat(result.ratio()).isEqualTo(1);
    }

    @Test
    void takesTheMeanOfTheTwoRoundsInTheMiddle() {
        assertThat(result(AT_LEAST, new Round(1, 1), new Round(2, 1)).ratio()).isEqualTo(1.5);
    }

    @Test
    void isInvalidWithoutAFigure() {
        assertThat(result(AT_LEAST).verdict()).isEqualTo(Verdict.INVALID);
        assertThat(result(AT_MOST, new Round(0, 0)).verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void isInvalidWhenItsFiguresAreNotToBeTrusted() {
        Result late = new Result(AT_LEAST, List.of(new Round(100, 100)), List.of(), List.of("the driver was late"));

        assertThat(late.verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void leavesOutRoundsThatAreNotToBeTrusted() {
        Round late = new Round(10, 100, 0, List.of("the driver was late"));

        Result result = result(AT_LEAST, new Round(1, 1), late, new Round(2, 1));

        assertThat(result.ratio()).isEqualTo(1.5);
        assertThat(result.roundsCounted()).isEqualTo(2);
        assertThat(result.verdict()).isEqualTo(Verdict.REACHED);
    }

    @Test
    void isInvalidWhenMostRoundsAreNotToBeTrusted() {
        Round late = new Round(100, 100, 0, List.of("the driver was late"));

        assertThat(result(AT_LEAST, late, new Round(95, 100), late).verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void leavesOutRoundsOfWhichTheHostTookMoreThanOfHalfOfThem() {
        Result result = result(
                AT_LEAST, stolen(10, 0.2), stolen(90, 0.02), stolen(92, 0.03), stolen(20, 0.1), stolen(94, 0.005));

        assertThat(result.ratio()).isEqualTo(0.92);
        assertThat(result.roundsCounted()).isEqualTo(3);
    }

    @Test
    void doesNotChooseAmongRoundsOfACalmMachine() {
        Result result = result(AT_LEAST, stolen(80, 0.009), stolen(90, 0), stolen(100, 0.001));

        assertThat(result.roundsCounted()).isEqualTo(3);
    }

    private static Round stolen(double measured, double stolen) {
        return new Round(measured, 100, stolen, List.of());
    }

    @Test
    void isMissedWhenCallsFailedHoweverFastTheOthersWere() {
        Result failed = new Result(AT_LEAST, List.of(new Round(100, 100)), List.of("3 calls failed"), List.of());

        assertThat(failed.verdict()).isEqualTo(Verdict.MISSED);
    }

    private static Result result(Target target, Round... rounds) {
        return new Result(target, List.of(rounds), List.of(), List.of());
    }
}
