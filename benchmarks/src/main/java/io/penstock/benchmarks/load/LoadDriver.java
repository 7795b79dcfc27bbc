package io.penstock.benchmarks.load;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.Conditions;
import io.penstock.benchmarks.wire.EventLoops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Calls a server the way its callers would and reports what they would see. In an open loop the figures are valid only
 * while the driver itself keeps up: its lag is measured, and a run whose lag takes more than a tenth of the p99 budget is
 * reported as invalid.
 */
public final class LoadDriver {
    private static final Duration HEAD_START = Duration.ofMillis(50);

    private final LoadOptions options;

    private LoadDriver(LoadOptions options) {
        this.options = options;
    }

    /**
     * Runs and blocks until the last call has ended.
     *
     * @throws BenchmarkException {@code UNREACHABLE} when the server does not answer at first
     */
    public static LoadReport run(LoadOptions options) throws InterruptedException {
        return new LoadDriver(options).run();
    }

    private LoadReport run() throws InterruptedException {
        List<Lane> lanes = new ArrayList<>();
        int count = options.target().eventLoops();
        for (int i = 0; i < count; i++) {
            lanes.add(new Lane(options, i, count));
        }
        List<CompletableFuture<Void>> connecting =
                lanes.stream().map(Lane::connect).toList();
        try {
            for (CompletableFuture<Void> each : connecting) {
                await(each);
            }
            return LoadReport.of(options, conditions(), drive(lanes));
        } finally {
            for (Lane lane : lanes) {
                lane.stop();
            }
        }
    }

    private Recorder drive(List<Lane> lanes) throws InterruptedException {
        LoadOptions.Span span = options.span();
        long start = System.nanoTime() + HEAD_START.toNanos();
        long measureFrom = start + span.warmUp().toNanos();
        Lane.Clock clock =
                new Lane.Clock(start, measureFrom, measureFrom + span.measured().toNanos());
        List<CompletableFuture<Recorder>> running =
                lanes.stream().map(lane -> lane.run(clock)).toList();
        Recorder sum = new Recorder(clock.measureFrom(), span.measured().toNanos());
        for (CompletableFuture<Recorder> lane : running) {
            sum.add(await(lane));
        }
        return sum;
    }

    private static <T> T await(CompletableFuture<T> lane) throws InterruptedException {
        try {
            return lane.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BenchmarkException known) {
                throw known;
            }
            throw new IllegalStateException("a thread of the driver failed", e.getCause());
        }
    }

    private Map<String, String> conditions() {
        LoadOptions.Target target = options.target();
        Map<String, String> conditions = new LinkedHashMap<>(Conditions.ofThisProcess());
        conditions.put(
                "server",
                target.server() + ", " + target.connections() + " connections on " + target.eventLoops() + " "
                        + EventLoops.transport() + " event loop(s), deadline "
                        + target.deadline().toMillis() + " ms");
        conditions.put("calls", options.calls().describe());
        conditions.put("pace", options.pace().describe());
        conditions.put(
                "span",
                options.span().measured().toMillis() + " ms after "
                        + options.span().warmUp().toMillis() + " ms of warm-up");
        return conditions;
    }
}
