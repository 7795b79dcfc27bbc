package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.memory.RedisMemoryBenchmark;
import io.penstock.benchmarks.memory.ServerHeapBenchmark;
import io.penstock.benchmarks.publish.DeltaPublishBenchmark;
import io.penstock.benchmarks.publish.FullPublishBenchmark;
import io.penstock.benchmarks.publish.ReadsMeanwhileBenchmark;
import io.penstock.benchmarks.scale.ScaleBenchmark;
import io.penstock.benchmarks.scale.ScaleOptions;
import io.penstock.benchmarks.swap.SwapBenchmark;
import io.penstock.benchmarks.swap.SwapOptions;
import io.penstock.benchmarks.warmup.WarmupBenchmark;
import java.util.ArrayList;
import java.util.List;

/** The project's performance goals: what each is, and how it is measured. */
public final class Goals {
    private static final String CALLS = "calls/s";
    private static final String MICROS = "µs";

    private Goals() {}

    /** All of them, in the order of the table. */
    public static List<Measurement> all(ScaleOptions scale) {
        return List.of(
                new ThroughputGoal(
                        Target.atLeast(
                                0.90,
                                "hit-throughput",
                                "Get, near-cache hit, saturated",
                                "echo of the same bytes",
                                CALLS),
                        false,
                        true,
                        0),
                new HitLatencyGoal(Target.atMost(
                        1.15,
                        "hit-p99",
                        "Get, hit, p99 at half of the echo's saturation, open loop",
                        "echo's p99 at that rate",
                        MICROS)),
                new ThroughputGoal(
                        Target.atLeast(
                                0.75,
                                "miss-throughput",
                                "Get, miss to Redis, saturated",
                                "echo of the same bytes",
                                CALLS),
                        false,
                        false,
                        0),
                new MissLatencyGoal(Target.atMost(
                        1.10, "miss-p50", "Get, miss, p50 unloaded", "echo p50 + bare Lettuce GET p50", MICROS)),
                new BatchColdGoal(Target.atLeast(
                        0.60,
                        "batch-cold",
                        "BatchGet of 100 keys, all cold, saturated",
                        "MGET of the same 100 values",
                        CALLS)),
                new ThroughputGoal(
                        Target.atLeast(
                                0.70,
                                "batch-cached",
                                "BatchGet of 100 keys, all cached, saturated",
                                "echo of the same bytes",
                                CALLS),
                        false,
                        true,
                        100),
                new BatchLatencyGoal(Target.atMost(
                        2, "batch-p99", "BatchGet of 100 keys, all cold, p99 unloaded", "single miss p99", MICROS)),
                new ThroughputGoal(
                        Target.atLeast(
                                0.85,
                                "embedded-miss",
                                "Get, miss to the embedded store, saturated",
                                "echo of the same bytes",
                                CALLS),
                        true,
                        false,
                        0),
                new SwapBenchmark(SwapOptions.DEFAULTS),
                new ReadsMeanwhileBenchmark(
                        ReadsMeanwhileBenchmark.DEFAULT_CALLS_PER_SECOND, ReadsMeanwhileBenchmark.DEFAULT_THROTTLE),
                new WarmupBenchmark(WarmupBenchmark.DEFAULT_CALLS_PER_SECOND),
                new FullPublishBenchmark(),
                new DeltaPublishBenchmark(),
                new RedisMemoryBenchmark(),
                new ServerHeapBenchmark(),
                new ScaleBenchmark(scale),
                new AllocationGoal(Target.atMost(
                        1.3, "allocation", "garbage of a cached Get in the server", "echo's", "bytes a call")));
    }

    /**
     * Those that were asked for, in the order of the table.
     *
     * @param names empty = all
     * @throws BenchmarkException {@code INVALID_OPTIONS} if there is no such goal
     */
    public static List<Measurement> named(List<String> names, ScaleOptions scale) {
        List<Measurement> all = all(scale);
        List<String> known = all.stream().map(Measurement::name).toList();
        List<String> unknown = new ArrayList<>(names);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS,
                    "no goal is called " + String.join(", ", unknown) + " (expected: some of " + String.join(",", known)
                            + ")",
                    null);
        }
        return names.isEmpty()
                ? all
                : all.stream()
                        .filter(measurement -> names.contains(measurement.name()))
                        .toList();
    }
}
