package io.penstock.cli.command;

import io.penstock.benchmarks.MessageFile;
import io.penstock.benchmarks.load.Arrivals;
import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.Comparison;
import io.penstock.benchmarks.load.ComparisonReport;
import io.penstock.benchmarks.load.Contender;
import io.penstock.benchmarks.load.KeyDistribution;
import io.penstock.benchmarks.load.KeySpace;
import io.penstock.benchmarks.load.LoadDriver;
import io.penstock.benchmarks.load.LoadOptions;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.Pace;
import io.penstock.benchmarks.picture.LoadResults;
import io.penstock.cli.Durations;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private static final Pattern PEER = Pattern.compile("([^=,]+)=([^,]+)(?:,([^,]+),(.+))?");
    private static final String DEFAULT_SERVER = "127.0.0.1:7070";

    @Parameters(
            paramLabel = "DATASET",
            arity = "0..1",
            description = "customer-360.v1, or namespace/customer-360.v1. Not with --method.")
    private @Nullable String dataset;

    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            description = "Default: $PENSTOCK_SERVER, else " + DEFAULT_SERVER + ".")
    private @Nullable String server;

    @Option(
            names = "--keys",
            paramLabel = "FIRST..LAST|FILE",
            description = "Integer keys, such as 1..15000, or a file with a key on each line.")
    private @Nullable String keys;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "Instead of look-ups: the unary method of any server, package.Service/Method, with --body.")
    private @Nullable String method;

    @Option(
            names = "--body",
            paramLabel = "FILE",
            description = "The request of --method: the message's bytes, or with gRPC's five bytes before them.")
    private @Nullable Path body;

    @Option(
            names = "--save-body",
            paramLabel = "FILE",
            description = "Write the first request there, for --body and other load generators, and end.")
    private @Nullable Path saveBody;

    @Option(
            names = "--peer",
            paramLabel = "NAME=HOST:PORT[,METHOD,FILE]",
            description = "Measure this server by turns with --server, with the same calls or with METHOD and the"
                    + " request in FILE. May be repeated.")
    private List<String> peers = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Turns of a comparison. Default: ${DEFAULT-VALUE}.")
    private int rounds = 1;

    @Option(names = "--out", paramLabel = "DIR", description = "Write the results there, as JSON and as pictures.")
    private @Nullable Path out;

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
        LoadOptions options = UsageException.checked(this::options);
        if (saveBody != null) {
            MessageFile.write(saveBody, options.calls().firstRequest());
            return ExitCode.DONE;
        }
        return peers.isEmpty() && rounds == 1 ? single(options) : comparison(options);
    }

    private ExitCode single(LoadOptions options) throws InterruptedException {
        LoadReport report = LoadDriver.run(options);
        if (out != null) {
            LoadResults.write(out, report);
        }
        show(report, report.toText());
        return ended(report.problems());
    }

    private ExitCode comparison(LoadOptions options) throws InterruptedException {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Contender("server", options));
        for (String peer : peers) {
            contenders.add(UsageException.checked(() -> contender(peer, options)));
        }
        ComparisonReport report =
                UsageException.checked(() -> Comparison.of(contenders, rounds)).run();
        if (out != null) {
            LoadResults.write(out, report);
        }
        show(report, report.toText());
        return ended(report.problems());
    }

    private void show(Object report, String text) {
        if (json) {
            printJson(Json.of(report));
        } else {
            print(text);
        }
    }

    private ExitCode ended(List<String> problems) {
        problems.forEach(problem -> console.err().println("penstock: invalid run: " + problem));
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.UNAVAILABLE;
    }

    private Contender contender(String peer, LoadOptions options) {
        Matcher parts = PEER.matcher(peer);
        if (!parts.matches()) {
            throw new UsageException("peer: " + peer + " (expected: NAME=HOST:PORT or NAME=HOST:PORT,METHOD,FILE)");
        }
        Calls calls = parts.group(3) == null
                ? options.calls()
                : new Calls.Fixed(parts.group(3), MessageFile.read(Path.of(parts.group(4))));
        return new Contender(
                parts.group(1), new LoadOptions(target(parts.group(2)), calls, options.pace(), options.span()));
    }

    private LoadOptions options() {
        String address =
                server != null ? server : console.environment().getOrDefault("PENSTOCK_SERVER", DEFAULT_SERVER);
        return new LoadOptions(
                target(address),
                calls(),
                pace(),
                new LoadOptions.Span(
                        time("warm-up", warmUp, LoadOptions.Span.DEFAULT_WARM_UP),
                        time("duration", duration, LoadOptions.Span.DEFAULT_MEASURED)));
    }

    private LoadOptions.Target target(String address) {
        return new LoadOptions.Target(
                address, connections, eventLoops, time("deadline", deadline, LoadOptions.Target.DEFAULT_DEADLINE));
    }

    private Calls calls() {
        if (method != null && body != null && dataset == null) {
            return new Calls.Fixed(method, MessageFile.read(body));
        }
        if (method != null || body != null || dataset == null || keys == null) {
            throw new UsageException("calls: give DATASET and --keys, or --method and --body");
        }
        return new Calls.Lookups(dataset, batch, new Calls.Keys(keySpace(keys), distribution, absentShare, seed));
    }

    private Pace pace() {
        if ((rate == null) == (inFlight == null)) {
            throw new UsageException("pace: give --rate or --in-flight, one of them");
        }
        return rate != null
                ? new Pace.OpenLoop(rate, arrivals, time("budget", budget, Pace.OpenLoop.DEFAULT_BUDGET_P99), waiting)
                : new Pace.ClosedLoop(inFlight == null ? 1 : inFlight);
    }

    private static KeySpace keySpace(String keys) {
        Matcher range = RANGE.matcher(keys);
        return range.matches()
                ? KeySpace.range(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)))
                : KeySpace.file(Path.of(keys));
    }

    private static Duration time(String option, @Nullable String given, Duration otherwise) {
        return given == null ? otherwise : Durations.parse(option, given);
    }
}
