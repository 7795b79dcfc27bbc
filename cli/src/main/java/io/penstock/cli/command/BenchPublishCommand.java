package io.penstock.cli.command;

import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.publish.DeltaPublishBenchmark;
import io.penstock.benchmarks.publish.FullPublishBenchmark;
import io.penstock.benchmarks.publish.ReadsMeanwhileBenchmark;
import io.penstock.cli.output.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Measures publications. */
@CommandLine.Command(
        name = "publish",
        description = "Publishes whole and changed versions: rows/s, bytes, and what readers feel of it.")
public final class BenchPublishCommand extends MeasuringCommand {
    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Calls a second of the readers. Default: ${DEFAULT-VALUE}.")
    private double rate = ReadsMeanwhileBenchmark.DEFAULT_CALLS_PER_SECOND;

    @Option(
            names = "--throttle",
            paramLabel = "SIZE",
            description = "--max-bytes-per-second of throttled publications. Default: ${DEFAULT-VALUE}.")
    private String throttle = ReadsMeanwhileBenchmark.DEFAULT_THROTTLE;

    public BenchPublishCommand(Console console) {
        super(console);
    }

    @Override
    List<Measurement> measurements() {
        return List.of(
                new FullPublishBenchmark(), new DeltaPublishBenchmark(), new ReadsMeanwhileBenchmark(rate, throttle));
    }

    @Override
    String fileName() {
        return "publish";
    }
}
