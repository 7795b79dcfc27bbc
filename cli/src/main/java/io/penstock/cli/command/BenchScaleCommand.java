package io.penstock.cli.command;

import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.scale.ScaleBenchmark;
import io.penstock.benchmarks.scale.ScaleOptions;
import io.penstock.cli.output.Console;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Measures look-ups in ever larger datasets. */
@CommandLine.Command(
        name = "scale",
        description = "The cost of a cold look-up among 10,000, 100,000 … rows of 50 bytes.")
public final class BenchScaleCommand extends MeasuringCommand {
    @Option(names = "--max-rows", paramLabel = "N", description = "Up to so many. Default: ${DEFAULT-VALUE}.")
    private long maxRows = ScaleOptions.DEFAULT_ROWS_MAX;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description =
                    "A store to keep the datasets in, so that they are published once. Default: a Redis that is ended.")
    private @Nullable String store;

    public BenchScaleCommand(Console console) {
        super(console);
    }

    @Override
    List<Measurement> measurements() {
        return List.of(new ScaleBenchmark(new ScaleOptions(maxRows, true, store)));
    }

    @Override
    String fileName() {
        return "scale";
    }
}
