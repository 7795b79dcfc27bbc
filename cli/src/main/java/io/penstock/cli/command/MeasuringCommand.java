package io.penstock.cli.command;

import io.penstock.benchmarks.goals.GoalsReport;
import io.penstock.benchmarks.goals.GoalsRun;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Result.Verdict;
import io.penstock.benchmarks.process.Distribution;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands share that measure against a baseline with processes of their own. */
abstract class MeasuringCommand extends Command {
    @Option(
            names = "--redis",
            paramLabel = "URL",
            description = "An empty Redis to measure with, redis://…; it is emptied. Default: one is started.")
    private @Nullable String redis;

    @Option(names = "--rounds", paramLabel = "N", description = "Of baseline and measurement in turn. Default: 5.")
    private @Nullable Integer rounds;

    @Option(names = "--quick", description = "Seconds for everything: shows that it works and claims nothing.")
    private boolean quick;

    @Option(names = "--out", paramLabel = "DIR", description = "Write JSON, Markdown and pictures there.")
    private @Nullable Path out;

    MeasuringCommand(Console console) {
        super(console);
    }

    /** What is to be measured. */
    abstract List<Measurement> measurements();

    /** The name of its files. */
    abstract String fileName();

    /** Where files go if the caller does not say; null = nowhere. */
    @Nullable
    Path defaultOut() {
        return null;
    }

    @Override
    public final ExitCode call() throws InterruptedException, IOException {
        Effort effort = UsageException.checked(this::effort);
        List<Measurement> measurements = UsageException.checked(this::measurements);
        GoalsRun run = new GoalsRun(
                Distribution.ofThisProcess(),
                redis,
                effort,
                line -> console.err().println(line));
        GoalsReport report = run.run(measurements);
        Path directory = out != null ? out : defaultOut();
        if (directory != null) {
            new ResultFiles(directory, fileName()).write(report);
            console.err().println("written to " + directory);
        }
        if (json) {
            printJson(Json.of(report));
        } else {
            print(report.toText());
        }
        return effort.isQuick() || isValid(report) ? ExitCode.DONE : ExitCode.UNAVAILABLE;
    }

    private Effort effort() {
        Effort effort = quick ? Effort.QUICK : Effort.FULL;
        return rounds == null ? effort : effort.withRounds(rounds);
    }

    private static boolean isValid(GoalsReport report) {
        return report.measured().stream()
                .flatMap(measured -> measured.results().stream())
                .noneMatch(result -> result.verdict() == Verdict.INVALID);
    }
}
