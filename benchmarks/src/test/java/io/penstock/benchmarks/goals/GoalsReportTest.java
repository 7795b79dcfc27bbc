package io.penstock.benchmarks.goals;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.benchmarks.goals.GoalsReport.Measured;
import io.penstock.benchmarks.measure.Result;
import io.penstock.benchmarks.measure.Round;
import io.penstock.benchmarks.measure.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoalsReportTest {
    private static final Target HITS = Target.atLeast(0.9, "hits", "Get, hit", "echo", "calls/s");
    private static final Target SWAP = Target.atMost(1.2, "swap", "p99 around a swap", "steady p99", "µs");

    @Test
    void isATableOfWhatWasPromisedAndWhatCameOfIt() {
        String markdown = report(false).toMarkdown();

        assertThat(markdown)
                .contains("| Get, hit | echo | ≥ 0.90 B | 95 calls/s | 100 | 0.950 [0.900–1] | reached |")
                .contains(
                        "| p99 around a swap | steady p99 | ≤ 1.20 B | 300 µs | 200 | 1.50 [1.50–1.50] | **missed** |");
    }

    @Test
    void saysWhyAFigureIsNotToBeTrustedOrAPromiseBroken() {
        Result result = new Result(HITS, List.of(new Round(1, 1)), List.of("3 calls failed"), List.of("driver late"));
        GoalsReport report = new GoalsReport(
                5, false, List.of(new Measured("hits", Map.of(), 1, List.of(result))), List.of(), List.of());

        assertThat(report.toMarkdown())
                .contains("- hits missed: 3 calls failed\n")
                .contains("- hits invalid: driver late\n");
    }

    @Test
    void claimsNothingAfterAQuickLook() {
        assertThat(report(true).toMarkdown()).startsWith("**A quick look");
        assertThat(report(true).toText()).endsWith("claims nothing\n");
        assertThat(report(false).toText()).doesNotContain("claims nothing");
    }

    @Test
    void saysConditionsOnceThatAllShare() {
        String markdown = report(false).toMarkdown();

        assertThat(markdown.split("2 cores", -1)).hasSize(2);
        assertThat(markdown).contains("- rate: 1\n").contains("- rate: 2\n");
    }

    private static GoalsReport report(boolean quick) {
        Result hits = new Result(
                HITS, List.of(new Round(95, 100), new Round(90, 100), new Round(100, 100)), List.of(), List.of());
        Result swap = new Result(SWAP, List.of(new Round(300, 200)), List.of(), List.of());
        return new GoalsReport(
                3,
                quick,
                List.of(
                        new Measured("hits", Map.of("machine", "2 cores", "rate", "1"), 1, List.of(hits)),
                        new Measured("swap", Map.of("machine", "2 cores", "rate", "2"), 1, List.of(swap))),
                List.of(),
                List.of());
    }
}
