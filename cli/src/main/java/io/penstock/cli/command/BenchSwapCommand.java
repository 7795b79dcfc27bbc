package io.penstock.cli.command;

import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.swap.SwapBenchmark;
import io.penstock.benchmarks.swap.SwapOptions;
import io.penstock.cli.Durations;
import io.penstock.cli.output.Console;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Measures what swaps cost readers. */
@CommandLine.Command(
        name = "swap",
        description = "Puts a constant load on a server while versions alternate: p99 around swaps, errors, hit ratio.")
public final class BenchSwapCommand extends MeasuringCommand {
    @Option(names = "--rate", paramLabel = "N", description = "Calls a second. Default: ${DEFAULT-VALUE}.")
    private double rate = SwapOptions.DEFAULTS.callsPerSecond();

    @Option(
            names = "--changed",
            paramLabel = "SHARE",
            description = "Of the rows, from one version to the next. Default: ${DEFAULT-VALUE}.")
    private double changed = SwapOptions.DEFAULTS.changedShare();

    @Option(names = "--every", paramLabel = "TIME", description = "From publication to publication. Default: 8s.")
    private @Nullable String every;

    public BenchSwapCommand(Console console) {
        super(console);
    }

    @Override
    List<Measurement> measurements() {
        Duration apart = every == null ? SwapOptions.DEFAULTS.every() : Durations.parse("every", every);
        return List.of(new SwapBenchmark(new SwapOptions(rate, changed, apart)));
    }

    @Override
    String fileName() {
        return "swap";
    }
}
