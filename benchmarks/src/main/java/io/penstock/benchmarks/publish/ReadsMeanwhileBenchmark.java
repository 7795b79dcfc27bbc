package io.penstock.benchmarks.publish;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.BackgroundLoad;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Span;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.PublisherProcess;
import io.penstock.benchmarks.process.ServeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What p99 do readers see while a publication writes every bucket into the Redis they read from, compared with the pauses
 * between publications: at full speed, and throttled by {@code --max-bytes-per-second}?
 *
 * <p>Open loop at a constant rate, Poisson arrivals, any keys (uniform), no near cache: each call reads from Redis. A round is
 * one publication, from the start of its process to its end, against the pause before it. Server, driver, Redis and
 * publisher share the machine's cores; a publisher that does so is to be started with {@code chrt --idle 0}, as here.
 */
public final class ReadsMeanwhileBenchmark implements Measurement {
    public static final double DEFAULT_CALLS_PER_SECOND = 5_000;
    public static final String DEFAULT_THROTTLE = "16MiB";

    private static final Target FULL_SPEED = Target.atMost(
            2, "publish-reads", "read p99 while a publication runs at full speed", "p99 between publications", "µs");
    private static final Target THROTTLED = Target.atMost(
            1.2,
            "publish-reads-throttled",
            "read p99 while a throttled publication runs",
            "p99 between publications",
            "µs");

    private static final int VALUE_BYTES = 200;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Room for publications that take longer than the first. */
    private static final int TIME_FACTOR = 2;

    /** The cores calm down, the server's old version is dropped. */
    private static final long AFTERMATH_NANOS = Duration.ofMillis(500).toNanos();

    private final double callsPerSecond;
    private final String throttle;

    /** @param throttle as {@code --max-bytes-per-second} takes it */
    public ReadsMeanwhileBenchmark(double callsPerSecond, String throttle) {
        if (!(callsPerSecond > 0)) {
            throw new IllegalArgumentException("rate: " + callsPerSecond + " (expected: > 0)");
        }
        this.callsPerSecond = callsPerSecond;
        this.throttle = throttle;
    }

    /** A round: a pause, and the publication after it. */
    private record Publishing(Span pause, Span publication) {}

    /** What stays the same over all rounds. */
    private record Readers(Session session, ServeProcess server, String store, SyntheticData data, double rate) {}

    @Override
    public String name() {
        return "publish-reads";
    }

    @Override
    public List<Target> targets() {
        return List.of(FULL_SPEED, THROTTLED);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        Effort effort = session.effort();
        SyntheticData data = SyntheticData.of(effort.rows(), VALUE_BYTES).withChangedShare(1);
        String store = session.rig().redis().url();
        session.rig().publishFirst(store, data);
        ServeProcess server = session.rig().serveReady(store, Map.of("PENSTOCK_CACHE_MAX_BYTES", "0"));
        double rate = effort.isQuick() ? callsPerSecond / 10 : callsPerSecond;
        session.rig().note("rate", rate + " calls/s");
        Loads.saturate(server.address(), Loads.uniform(data), Duration.ZERO, effort.warmUp());
        Readers readers = new Readers(session, server, store, data, rate);
        int next = measure(readers, FULL_SPEED, 2, List.of());
        measure(readers, THROTTLED, next, List.of("--max-bytes-per-second", effort.isQuick() ? "1GiB" : throttle));
    }

    /** @return the next version */
    private static int measure(Readers readers, Target target, int firstVersion, List<String> more)
            throws InterruptedException {
        Session session = readers.session();
        int rounds = session.effort().rounds();
        Duration pause = session.effort().time(PAUSE);
        int version = firstVersion;
        Span trial = publish(readers, version++, more);
        session.progress(target.name() + ": a publication takes "
                + Duration.ofNanos(trial.nanos()).toMillis() + " ms");
        Duration each = pause.plusNanos(trial.nanos() * TIME_FACTOR).plusNanos(AFTERMATH_NANOS);
        Duration span = each.multipliedBy(rounds);
        BackgroundLoad load = BackgroundLoad.start(() -> Loads.open(
                readers.server().address(), Loads.uniform(readers.data()), readers.rate(), Duration.ZERO, span));
        List<Publishing> seen = new ArrayList<>();
        for (int round = 0; round < rounds && !load.isOver(); round++) {
            TimeUnit.NANOSECONDS.sleep(AFTERMATH_NANOS);
            long from = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            Span steady = new Span(from, System.nanoTime());
            seen.add(new Publishing(steady, publish(readers, version++, more)));
        }
        conclude(session, target, load.await(), seen, span);
        return version;
    }

    private static Span publish(Readers readers, int version, List<String> more) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--version", String.valueOf(version)));
        arguments.addAll(more);
        long from = System.nanoTime();
        try (PublisherProcess publisher = readers.session()
                .rig()
                .idlePublisher(readers.store(), readers.data(), arguments.toArray(String[]::new))) {
            publisher.next();
            publisher.rest();
        }
        return new Span(from, System.nanoTime());
    }

    /** A publication that was still running when the load ended is no round. */
    private static void conclude(
            Session session, Target target, LoadReport report, List<Publishing> seen, Duration span) {
        session.check(target, report);
        List<Double> begins = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        long start = report.timeline().startNanos();
        for (Publishing each : seen) {
            if (each.publication().toNanos() - start <= span.toNanos()) {
                session.add(
                        target,
                        report.timeline()
                                .answeredBetween(
                                        each.publication().fromNanos(),
                                        each.publication().toNanos())
                                .p99Micros(),
                        report.timeline()
                                .answeredBetween(
                                        each.pause().fromNanos(), each.pause().toNanos())
                                .p99Micros(),
                        List.of(each.pause(), each.publication()));
                begins.add((each.publication().fromNanos() - start) / 1e9);
                ends.add((each.publication().toNanos() - start) / 1e9);
            }
        }
        session.keep(
                new Session.TimeLine(target.name(), target.what(), report, Map.of("begins", begins, "ends", ends)));
    }
}
