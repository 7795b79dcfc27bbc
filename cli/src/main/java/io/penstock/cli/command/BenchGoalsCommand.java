package io.penstock.cli.command;

import io.penstock.benchmarks.goals.Goals;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.scale.ScaleOptions;
import io.penstock.cli.output.Console;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Measures the project's performance goals. */
@CommandLine.Command(
        name = "goals",
        description = {
            "Measures every performance goal against its baseline and prints which of them are reached.",
            "Takes about half an hour on a machine with nothing else to do."
        })
public final class BenchGoalsCommand extends MeasuringCommand {
    @Option(names = "--only", paramLabel = "GOAL,…", split = ",", description = "Only these.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--max-rows",
            paramLabel = "N",
            description = "Of the largest dataset of the goal 'scale'. Default: ${DEFAULT-VALUE}.")
    private long maxRows = ScaleOptions.DEFAULT_ROWS_MAX;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "Where the goal 'scale' keeps its datasets, to publish them once. Default: nowhere.")
    private @Nullable String store;

    public BenchGoalsCommand(Console console) {
        super(console);
    }

    @Override
    List<Measurement> measurements() {
        return Goals.named(only, new ScaleOptions(maxRows, false, store));
    }

    @Override
    String fileName() {
        return "goals";
    }

    @Override
    Path defaultOut() {
        String machine = Runtime.getRuntime().availableProcessors() + "-cores-" + System.getProperty("os.arch");
        return Path.of("benchmarks", "results", LocalDate.now(ZoneOffset.UTC) + "-" + machine);
    }
}
