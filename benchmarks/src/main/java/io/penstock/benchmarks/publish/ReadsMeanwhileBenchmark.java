package io.penstock.benchmarks.publish;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.Span;
import io.penstock.benchmarks.load.Spread;
import io.penstock.benchmarks.measure.BackgroundLoad;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Figures;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.measure.WarmCode;
import io.penstock.benchmarks.process.EchoProcess;
import io.penstock.benchmarks.process.PublisherProcess;
import io.penstock.benchmarks.process.ServeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What p99 do readers see while a publication writes every bucket into the Redis they read from, compared with the pauses
 * between publications: at full speed, and throttled by {@code --max-bytes-per-second}?
 *
 * <p>Open loop at a constant rate, Poisson arrivals, any keys (uniform), no near cache: each call reads from Redis. A round is
 * one publication, from the start of its process to its end, against the pause before it. Server, driver, Redis and
 * publisher share the machine's cores; a publisher that does so is to be started with {@code chrt --idle 0}, as here. What that
 * alone does is seen in the conditions: the echo, which reads from no store, under the same publications.
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
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Room for publications that take longer than the first. */
    private static final int TIME_FACTOR = 2;

    /** The echo's figures explain, and are no goal. */
    private static final int ECHO_ROUNDS_MAX = 3;

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

    /** Publications as fast as they can be, or throttled. */
    private record Speed(Target target, List<String> arguments) {}

    /** A load under which publications took place. */
    private record Seen(LoadReport load, List<Publishing> publishings) {
        double[] during() {
            return p99Micros(Publishing::publication);
        }

        double[] between() {
            return p99Micros(Publishing::pause);
        }

        private double[] p99Micros(Function<Publishing, Span> part) {
            return publishings.stream()
                    .map(part)
                    .mapToDouble(span -> load.timeline()
                            .answeredBetween(span.fromNanos(), span.toNanos())
                            .p99Micros())
                    .toArray();
        }
    }

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
        Calls calls = Loads.uniform(data);
        Publications publications =
                new Publications(session, session.rig().redis().url(), data);
        session.rig().publishFirst(publications.store, data);
        ServeProcess server = session.rig().serveReady(publications.store, Map.of("PENSTOCK_CACHE_MAX_BYTES", "0"));
        EchoProcess echo = session.rig().echo(calls.method(), new byte[VALUE_BYTES]);
        double rate = effort.isQuick() ? callsPerSecond / 10 : callsPerSecond;
        session.rig().note("rate", rate + " calls/s");
        Loads.saturate(server.address(), calls, Duration.ZERO, effort.warmUp());
        Loads.saturate(echo.address(), calls, Duration.ZERO, effort.warmUp());
        WarmCode.await(session, List.of(server.pid(), echo.pid()), span -> {
            Loads.open(server.address(), calls, rate, Duration.ZERO, span.dividedBy(2));
            Loads.open(echo.address(), calls, rate, Duration.ZERO, span.dividedBy(2));
        });
        String bytesPerSecond = effort.isQuick() ? "1GiB" : throttle;
        for (Speed speed : List.of(
                new Speed(FULL_SPEED, List.of()),
                new Speed(THROTTLED, List.of("--max-bytes-per-second", bytesPerSecond)))) {
            Span trial = publications.publish(speed);
            session.progress(speed.target.name() + ": a publication takes "
                    + Duration.ofNanos(trial.nanos()).toMillis() + " ms");
            conclude(
                    session,
                    speed.target,
                    publications.during(
                            speed,
                            trial,
                            effort.rounds(),
                            span -> Loads.open(server.address(), calls, rate, Duration.ZERO, span)));
            noteEcho(
                    session,
                    speed.target,
                    publications.during(
                            speed,
                            trial,
                            Math.min(ECHO_ROUNDS_MAX, effort.rounds()),
                            span -> Loads.open(echo.address(), calls, rate, Duration.ZERO, span)));
        }
    }

    /** A load for some time. */
    @FunctionalInterface
    private interface TimedLoad {
        LoadReport run(Duration span) throws InterruptedException;
    }

    /** Version after version of the same rows, in which all values differ. */
    private static final class Publications {
        private final Session session;
        private final String store;
        private final SyntheticData data;
        private int lastVersion = 1;

        Publications(Session session, String store, SyntheticData data) {
            this.session = session;
            this.store = store;
            this.data = data;
        }

        Span publish(Speed speed) throws InterruptedException {
            List<String> arguments = new ArrayList<>(List.of("--version", String.valueOf(++lastVersion)));
            arguments.addAll(speed.arguments);
            long from = System.nanoTime();
            try (PublisherProcess publisher =
                    session.rig().idlePublisher(store, data, arguments.toArray(String[]::new))) {
                publisher.next();
                publisher.rest();
            }
            return new Span(from, System.nanoTime());
        }

        /**
         * Publishes under a load. A publication that was still running when the load ended is no round.
         *
         * @param trial how long one took
         */
        Seen during(Speed speed, Span trial, int rounds, TimedLoad timedLoad) throws InterruptedException {
            Duration pause = session.effort().time(PAUSE);
            Duration each = pause.plusNanos(trial.nanos() * TIME_FACTOR).plusNanos(AFTERMATH_NANOS);
            Duration span = each.multipliedBy(rounds);
            BackgroundLoad background = BackgroundLoad.start(() -> timedLoad.run(span));
            List<Publishing> publishings = new ArrayList<>();
            for (int round = 0; round < rounds && !background.isOver(); round++) {
                TimeUnit.NANOSECONDS.sleep(AFTERMATH_NANOS);
                long from = System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                Span steady = new Span(from, System.nanoTime());
                publishings.add(new Publishing(steady, publish(speed)));
            }
            LoadReport load = background.await();
            long end = load.timeline().endNanos();
            publishings.removeIf(publishing -> publishing.publication().toNanos() - end > 0);
            return new Seen(load, publishings);
        }
    }

    private static void conclude(Session session, Target target, Seen seen) {
        session.check(target, seen.load());
        double[] during = seen.during();
        double[] between = seen.between();
        List<Double> begins = new ArrayList<>();
        List<Double> ends = new ArrayList<>();
        long start = seen.load().timeline().startNanos();
        for (int round = 0; round < during.length; round++) {
            Publishing publishing = seen.publishings().get(round);
            session.add(target, during[round], between[round], List.of(publishing.pause(), publishing.publication()));
            begins.add((publishing.publication().fromNanos() - start) / 1e9);
            ends.add((publishing.publication().toNanos() - start) / 1e9);
        }
        session.keep(new Session.TimeLine(
                target.name(), target.what(), seen.load(), Map.of("begins", begins, "ends", ends)));
    }

    /** What the same publications do to a server that reads from no store: that much is the shared cores' doing. */
    private static void noteEcho(Session session, Target target, Seen seen) {
        if (seen.publishings().isEmpty()) {
            return;
        }
        List<String> problems = seen.load().problems();
        double during = Spread.of(seen.during()).median();
        double between = Spread.of(seen.between()).median();
        session.rig()
                .note(
                        target.name() + ", of the echo",
                        "p99 " + Figures.of(during) + " µs while such a publication runs, " + Figures.of(between)
                                + " µs between: " + Figures.ratio(during / between) + " (medians of "
                                + seen.publishings().size() + " rounds)"
                                + (problems.isEmpty() ? "" : ", not to be trusted: " + problems));
    }
}
