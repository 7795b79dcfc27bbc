package io.penstock.cli.command;

import io.penstock.benchmarks.load.Arrivals;
import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.KeyDistribution;
import io.penstock.benchmarks.load.KeySpace;
import io.penstock.benchmarks.load.LoadDriver;
import io.penstock.benchmarks.load.LoadOptions;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.Pace;
import io.penstock.cli.Durations;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a server. */
@CommandLine.Command(
        name = "load",
        description = {
            "Drives a server with look-ups and prints what callers see.",
            "With --rate calls start when they are due (open loop); with --in-flight the next one starts when one is"
                    + " answered (closed loop), which finds the capacity."
        })
public final class BenchLoadCommand extends Command {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
    private static final String DEFAULT_SERVER = "127.0.0.1:7070";

    @Parameters(paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "Default: $PENSTOCK_SERVER, else " + DEFAULT_SERVER + ".")
    private @Nullable String server;

    @Option(
            names = "--keys",
            paramLabel = "FIRST..LAST|FILE",
            required = true,
            description = "Integer keys, such as 1..15000, or a file with a key on each line.")
    private String keys = "";

    @Option(names = "--rate", paramLabel = "N", description = "Calls a second, open loop.")
    private @Nullable Double rate;

    @Option(names = "--in-flight", paramLabel = "N", description = "Calls always under way, closed loop.")
    private @Nullable Integer inFlight;

    @Option(names = "--arrivals", description = "constant or poisson. Default: ${DEFAULT-VALUE}.")
    private Arrivals arrivals = Arrivals.POISSON;

    @Option(names = "--distribution", description = "zipf or uniform. Default: ${DEFAULT-VALUE}.")
    private KeyDistribution distribution = KeyDistribution.ZIPF;

    @Option(
            names = "--waiting",
            description = "What the driver does until the next call is due: spin (it takes a core) or sleep."
                    + " Default: ${DEFAULT-VALUE}.")
    private Pace.Waiting waiting = Pace.Waiting.SPIN;

    @Option(
            names = "--absent-share",
            paramLabel = "SHARE",
            description = "Of the keys have no row, 0 to 1. Default: ${DEFAULT-VALUE}.")
    private double absentShare;

    @Option(names = "--batch", paramLabel = "N", description = "Keys a BatchGet. Default: 0, one key a Get.")
    private int batch;

    @Option(names = "--duration", paramLabel = "TIME", description = "How long is measured. Default: 30s.")
    private @Nullable String duration;

    @Option(names = "--warm-up", paramLabel = "TIME", description = "How long is not measured before. Default: 5s.")
    private @Nullable String warmUp;

    @Option(
            names = "--budget",
            paramLabel = "TIME",
            description = "The p99 budget; the driver's lag may take a tenth of it. Default: 5ms.")
    private @Nullable String budget;

    @Option(names = "--deadline", paramLabel = "TIME", description = "Of each call. Default: 1s.")
    private @Nullable String deadline;

    @Option(names = "--connections", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int connections = LoadOptions.Target.DEFAULT_CONNECTIONS;

    @Option(names = "--event-loops", paramLabel = "N", description = "The driver's threads. Default: ${DEFAULT-VALUE}.")
    private int eventLoops = LoadOptions.Target.DEFAULT_EVENT_LOOPS;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The same seed asks for the same keys. Default: ${DEFAULT-VALUE}.")
    private long seed = Calls.Keys.DEFAULT_SEED;

    public BenchLoadCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws InterruptedException {
        LoadReport report = LoadDriver.run(UsageException.checked(this::options));
        if (json) {
            printJson(Json.of(report));
        } else {
            print(report.toText());
        }
        report.problems().forEach(problem -> console.err().println("penstock: invalid run: " + problem));
        return report.valid() ? ExitCode.DONE : ExitCode.UNAVAILABLE;
    }

    private LoadOptions options() {
        String address =
                server != null ? server : console.environment().getOrDefault("PENSTOCK_SERVER", DEFAULT_SERVER);
        return new LoadOptions(
                new LoadOptions.Target(
                        address, connections, eventLoops, time(deadline, LoadOptions.Target.DEFAULT_DEADLINE)),
                new Calls.Lookups(dataset, batch, new Calls.Keys(keySpace(), distribution, absentShare, seed)),
                pace(),
                new LoadOptions.Span(
                        time(warmUp, LoadOptions.Span.DEFAULT_WARM_UP),
                        time(duration, LoadOptions.Span.DEFAULT_MEASURED)));
    }

    private Pace pace() {
        if ((rate == null) == (inFlight == null)) {
            throw new UsageException("pace: give --rate or --in-flight, one of them");
        }
        return rate != null
                ? new Pace.OpenLoop(rate, arrivals, time(budget, Pace.OpenLoop.DEFAULT_BUDGET_P99), waiting)
                : new Pace.ClosedLoop(inFlight == null ? 1 : inFlight);
    }

    private KeySpace keySpace() {
        Matcher range = RANGE.matcher(keys);
        return range.matches()
                ? KeySpace.range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)))
                : KeySpace.file(Path.of(keys));
    }

    private static Duration time(@Nullable String given, Duration otherwise) {
        return given == null ? otherwise : Durations.parse(given);
    }
}
