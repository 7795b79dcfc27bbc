package io.penstock.benchmarks.swap;

import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.Span;
import io.penstock.benchmarks.load.Timeline;
import io.penstock.benchmarks.measure.BackgroundLoad;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.measure.WarmCode;
import io.penstock.benchmarks.process.ApiCalls;
import io.penstock.benchmarks.process.PublisherProcess;
import io.penstock.benchmarks.process.ServeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What p99 do callers see in the second around a swap, compared with the same run's steady p99? Does any call fail, and how
 * far does the hit ratio fall, compared with the share of buckets that changed?
 *
 * <p>Open loop at a constant rate, Poisson arrivals, popular keys (Zipf), the server's default cache; each version is
 * published by a process of its own. A swap is when the server says that it serves the new revision. A round is four swaps: the
 * slices within half a second of one against a second and a half before each publication. Of one swap alone a hundred calls
 * would make the p99, and one pause of the machine would decide it.
 */
public final class SwapBenchmark implements Measurement {
    private static final Target P99 = Target.atMost(
            1.2, "swap-p99", "p99 in the second around a swap", "p99 between publications of the same run", "µs");
    private static final Target ERRORS =
            Target.atMost(0, "swap-errors", "calls that failed while versions alternated", "1", "calls");
    private static final Target HIT_RATIO = Target.atMost(
            1,
            "swap-hit-ratio",
            "fall of the hit ratio in the second after a swap",
            "share of buckets changed",
            "of 1");

    private static final int VALUE_BYTES = 200;
    private static final long HALF_A_SECOND = Duration.ofMillis(500).toNanos();
    private static final long STEADY_NANOS = Duration.ofMillis(1500).toNanos();
    private static final int SWAPS_A_ROUND = 4;

    /** Publications take longer than in the trial, now and then. */
    private static final double TIME_FACTOR = 1.2;

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration ADOPTION_MAX = Duration.ofSeconds(30);

    private final SwapOptions options;

    public SwapBenchmark(SwapOptions options) {
        this.options = options;
    }

    /**
     * A swap.
     *
     * @param nanos of {@link System#nanoTime}, when the server told of it
     * @param publicationNanos when its publisher was started: before that all was steady
     */
    private record Swap(long nanos, long publicationNanos, Published published) {
        Span steady() {
            return new Span(publicationNanos - STEADY_NANOS, publicationNanos);
        }

        Span around() {
            return new Span(nanos - HALF_A_SECOND, nanos + HALF_A_SECOND);
        }

        Span after() {
            return new Span(nanos, nanos + 2 * HALF_A_SECOND);
        }
    }

    @Override
    public String name() {
        return "swap";
    }

    @Override
    public List<Target> targets() {
        return List.of(P99, ERRORS, HIT_RATIO);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        Effort effort = session.effort();
        SyntheticData data = SyntheticData.of(effort.rows(), VALUE_BYTES).withChangedShare(options.changedShare());
        String store = session.rig().redis().url();
        session.progress("publishing " + data.describe());
        session.rig().publishFirst(store, data);
        ServeProcess server = session.rig().serveReady(store, Map.of());
        double rate = effort.isQuick() ? options.callsPerSecond() / 10 : options.callsPerSecond();
        try (ApiCalls calls = new ApiCalls(server)) {
            calls.readAll(data);
            Duration every = longEnough(publishTrial(session, store, data));
            BlockingQueue<Long> swaps = new LinkedBlockingQueue<>();
            calls.watch(data, revision -> swaps.add(System.nanoTime()));
            Loads.open(server.address(), Loads.popular(data), rate, Duration.ZERO, effort.warmUp());
            WarmCode.await(
                    session,
                    List.of(server.pid()),
                    span -> Loads.open(server.address(), Loads.popular(data), rate, Duration.ZERO, span));
            swaps.clear(); // the present revision
            int swapsARound = effort.isQuick() ? 1 : SWAPS_A_ROUND;
            int swapCount = effort.rounds() * swapsARound;
            Duration span = Duration.ofNanos((long) (every.toNanos() * TIME_FACTOR * swapCount))
                    .plus(SETTLE.multipliedBy(2));
            HitRatios hits = new HitRatios(server);
            BackgroundLoad load = BackgroundLoad.start(
                    () -> Loads.open(server.address(), Loads.popular(data), rate, Duration.ZERO, span));
            List<Swap> seen = new ArrayList<>();
            look(hits, System.nanoTime() + SETTLE.toNanos());
            for (int i = 0; i < swapCount && !load.isOver(); i++) {
                long began = System.nanoTime();
                seen.add(swap(session, store, data, i + 3, swaps, hits));
                look(hits, began + every.toNanos());
            }
            LoadReport report = awaitEnd(load, hits);
            conclude(session, report, seen, swapsARound, hits);
        }
    }

    /** Versions are as far apart as they should be, or as publishing takes here. */
    private Duration longEnough(Duration publication) {
        Duration least = publication.multipliedBy(2).plus(SETTLE);
        return least.compareTo(options.every()) > 0 ? least : options.every();
    }

    /** It shows how long one takes, and makes the server adopt once before anything is measured. */
    private static Duration publishTrial(Session session, String store, SyntheticData data)
            throws InterruptedException {
        long began = System.nanoTime();
        try (PublisherProcess publisher = session.rig().publisher(store, data, "--version", "2")) {
            publisher.next();
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void look(HitRatios hits, long until) throws InterruptedException {
        do {
            hits.look();
            TimeUnit.NANOSECONDS.sleep(Math.min(LOOK_EVERY.toNanos(), Math.max(1, until - System.nanoTime())));
        } while (System.nanoTime() - until < 0);
    }

    private static LoadReport awaitEnd(BackgroundLoad load, HitRatios hits) throws InterruptedException {
        while (!load.isOver()) {
            hits.look();
            TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
        }
        hits.look();
        return load.await();
    }

    private static Swap swap(
            Session session, String store, SyntheticData data, int version, BlockingQueue<Long> swaps, HitRatios hits)
            throws InterruptedException {
        long started = System.nanoTime();
        try (PublisherProcess publisher =
                session.rig().idlePublisher(store, data, "--version", String.valueOf(version))) {
            Long swapped = null;
            while (swapped == null && System.nanoTime() - started < ADOPTION_MAX.toNanos()) {
                hits.look();
                swapped = swaps.poll(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
            }
            hits.look();
            Published published = publisher.next();
            if (swapped == null) {
                throw new IllegalStateException("version " + published.version() + " was published and not served");
            }
            return new Swap(swapped, started, published);
        }
    }

    private void conclude(Session session, LoadReport report, List<Swap> swaps, int swapsARound, HitRatios hits) {
        session.check(P99, report);
        session.add(ERRORS, (double) Loads.failures(report), 1);
        Timeline timeline = report.timeline();
        // the load may have ended first, because publishing took so long
        List<Swap> whole = swaps.stream()
                .filter(swap -> swap.after().toNanos() < timeline.endNanos())
                .toList();
        for (int to = swapsARound; to <= whole.size(); to += swapsARound) {
            List<Swap> round = whole.subList(to - swapsARound, to);
            List<Span> around = round.stream().map(Swap::around).toList();
            List<Span> steady = round.stream().map(Swap::steady).toList();
            session.add(
                    P99,
                    timeline.answeredIn(around).p99Micros(),
                    timeline.answeredIn(steady).p99Micros(),
                    Stream.concat(steady.stream(), around.stream()).toList());
        }
        for (Swap swap : whole) {
            double fall = hits.in(swap.steady()) - hits.in(swap.after());
            double changed = (double) swap.published().bucketsWritten()
                    / swap.published().buckets();
            session.add(HIT_RATIO, Math.max(0, fall), changed);
        }
        List<Double> moments = whole.stream()
                .map(swap -> (swap.nanos() - timeline.startNanos()) / 1e9)
                .toList();
        session.keep(new Session.TimeLine("swap", "Latency while versions alternate", report, Map.of("swap", moments)));
    }
}
