package io.penstock.benchmarks.load;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.Conditions;
import io.penstock.benchmarks.wire.EventLoops;
import io.penstock.benchmarks.wire.RawMethods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls a server the way its callers would and reports what they would see. In an open loop the figures are valid only
 * while the driver itself keeps up: its lag is measured, and a run whose lag takes more than a tenth of the p99 budget is
 * reported as invalid.
 */
public final class LoadDriver {
    private static final double LAG_SHARE_MAX = 0.10;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(10);
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final LoadOptions options;

    private LoadDriver(LoadOptions options) {
        this.options = options;
    }

    /**
     * Runs and blocks until the last call has ended.
     *
     * @throws BenchmarkException {@code UNREACHABLE} when the server does not answer a first call
     */
    public static LoadReport run(LoadOptions options) throws InterruptedException {
        return new LoadDriver(options).run();
    }

    private LoadReport run() throws InterruptedException {
        LoadOptions.Target target = options.target();
        List<EventLoopGroup> groups = new ArrayList<>();
        List<ManagedChannel> channels = new ArrayList<>();
        try {
            List<Lane> lanes = new ArrayList<>();
            for (int i = 0; i < target.eventLoops(); i++) {
                EventLoopGroup group = EventLoops.start("load-" + i, 1);
                groups.add(group);
                int connections = target.connections() / target.eventLoops()
                        + (i < target.connections() % target.eventLoops() ? 1 : 0);
                List<Channel> laneChannels = connect(group, connections, channels);
                lanes.add(new Lane(group.next(), laneChannels, options, i, target.eventLoops()));
            }
            return report(drive(lanes));
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
            groups.forEach(EventLoops::stop);
        }
    }

    private List<Channel> connect(EventLoopGroup group, int connections, List<ManagedChannel> opened) {
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            ManagedChannel channel = NettyChannelBuilder.forTarget(
                            options.target().server())
                    .usePlaintext()
                    .directExecutor()
                    .eventLoopGroup(group)
                    .channelType(EventLoops.clientChannel())
                    .build();
            opened.add(channel);
            callOnce(channel);
            channels.add(channel);
        }
        return channels;
    }

    /** Opens the connection. What the server says to the request shows in the run; only silence ends it here. */
    private void callOnce(ManagedChannel channel) {
        LoadOptions.Target target = options.target();
        byte[] request = new Requests(
                        target,
                        options.keys(),
                        new SplittableRandom(options.keys().seed()))
                .next();
        try {
            ClientCalls.blockingUnaryCall(
                    channel,
                    target.batch() > 0 ? RawMethods.BATCH_GET : RawMethods.GET,
                    CallOptions.DEFAULT.withDeadlineAfter(CONNECT_MAX.toMillis(), TimeUnit.MILLISECONDS),
                    request);
        } catch (StatusRuntimeException e) {
            Status.Code code = e.getStatus().getCode();
            if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
                throw new BenchmarkException(
                        BenchmarkException.Code.UNREACHABLE,
                        "server " + target.server() + " does not answer: "
                                + e.getStatus().getDescription(),
                        e);
            }
        }
    }

    private Recorder drive(List<Lane> lanes) throws InterruptedException {
        LoadOptions.Span span = options.span();
        long start = System.nanoTime() + HEAD_START.toNanos();
        long measureFrom = start + span.warmUp().toNanos();
        long end = measureFrom + span.measured().toNanos();
        List<CompletableFuture<Recorder>> running =
                lanes.stream().map(lane -> lane.run(start, measureFrom, end)).toList();
        long giveUp = end + options.target().deadline().toNanos() + DRAIN_MAX.toNanos();
        Recorder sum = new Recorder();
        for (CompletableFuture<Recorder> lane : running) {
            sum.add(await(lane, giveUp));
        }
        return sum;
    }

    private static Recorder await(CompletableFuture<Recorder> lane, long giveUp) throws InterruptedException {
        try {
            return lane.get(giveUp - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("calls did not end " + DRAIN_MAX + " after their deadline", e);
        }
    }

    private LoadReport report(Recorder recorder) {
        double seconds = options.span().measured().toNanos() / 1e9;
        double callsPerSecond = recorder.answeredInSpan / seconds;
        Percentiles lag = Percentiles.of(recorder.lagNanos);
        Map<String, Long> statuses = new TreeMap<>();
        for (Status.Code code : Status.Code.values()) {
            if (recorder.statuses[code.value()] > 0) {
                statuses.put(code.name(), recorder.statuses[code.value()]);
            }
        }
        return new LoadReport(
                conditions(),
                callsPerSecond,
                callsPerSecond * Math.max(1, options.target().batch()),
                Percentiles.of(recorder.answeredNanos),
                Percentiles.of(recorder.failedNanos),
                lag,
                statuses,
                recorder.outcomes.byName(),
                problems(recorder, lag));
    }

    private List<String> problems(Recorder recorder, Percentiles lag) {
        List<String> problems = new ArrayList<>();
        if (options.pace() instanceof Pace.OpenLoop open) {
            double lagMaxMicros = open.budgetP99().toNanos() / 1e3 * LAG_SHARE_MAX;
            if (lag.p99Micros() > lagMaxMicros) {
                problems.add(String.format(
                        Locale.ROOT,
                        "the driver itself was late: lag p99 %.0f µs (expected: <= %.0f µs, a tenth of the p99 budget);"
                                + " lower the rate or give the driver more event loops and cores",
                        lag.p99Micros(),
                        lagMaxMicros));
            }
        }
        if (recorder.withheld > 0) {
            problems.add(recorder.withheld + " calls were due and not sent: too many were under way");
        }
        if (recorder.unreadable > 0) {
            problems.add(recorder.unreadable + " answers are not of this API");
        }
        return problems;
    }

    private Map<String, String> conditions() {
        LoadOptions.Target target = options.target();
        Map<String, String> conditions = new LinkedHashMap<>(Conditions.ofThisProcess());
        conditions.put(
                "server",
                target.server() + ", " + target.connections() + " connections on " + target.eventLoops() + " "
                        + EventLoops.transport() + " event loop(s), deadline "
                        + target.deadline().toMillis() + " ms");
        conditions.put(
                "calls",
                (target.batch() == 0 ? "Get" : "BatchGet of " + target.batch()) + " from " + target.dataset() + ", "
                        + options.keys().space().describe() + ", "
                        + describe(options.keys().distribution()) + ", seed "
                        + options.keys().seed());
        conditions.put("pace", describe(options.pace()));
        conditions.put(
                "span",
                options.span().measured().toMillis() + " ms after "
                        + options.span().warmUp().toMillis() + " ms of warm-up");
        return conditions;
    }

    private static String describe(KeyDistribution distribution) {
        return switch (distribution) {
            case UNIFORM -> "uniform";
            case ZIPF -> "Zipf " + KeyDistribution.ZIPF_EXPONENT;
        };
    }

    private static String describe(Pace pace) {
        if (pace instanceof Pace.OpenLoop open) {
            return String.format(
                    Locale.ROOT,
                    "open loop, %,.0f calls/s, %s arrivals, p99 budget %d ms",
                    open.callsPerSecond(),
                    open.arrivals() == Arrivals.POISSON ? "Poisson" : "constant",
                    open.budgetP99().toMillis());
        }
        return "closed loop, " + ((Pace.ClosedLoop) pace).inFlight() + " in flight";
    }
}
