package io.penstock.cli.command;

import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.warmup.WarmupBenchmark;
import io.penstock.cli.output.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Measures a server's first seconds. */
@CommandLine.Command(
        name = "warmup",
        description = "Starts a server again and again: p99 of the first 10 s after readiness against later.")
public final class BenchWarmupCommand extends MeasuringCommand {
    @Option(names = "--rate", paramLabel = "N", description = "Calls a second. Default: ${DEFAULT-VALUE}.")
    private double rate = WarmupBenchmark.DEFAULT_CALLS_PER_SECOND;

    public BenchWarmupCommand(Console console) {
        super(console);
    }

    @Override
    List<Measurement> measurements() {
        return List.of(new WarmupBenchmark(rate));
    }

    @Override
    String fileName() {
        return "warmup";
    }
}
