package io.penstock.benchmarks.goals;

import com.sun.management.ThreadMXBean;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.data.SyntheticPublisher;
import io.penstock.benchmarks.echo.EchoOptions;
import io.penstock.benchmarks.echo.EchoServer;
import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.publisher.PublisherOptions;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How much garbage does a cached {@code Get} make in a server, compared with the echo? Both run in this process, transport
 * and all; counted is what their own threads allocated (the JVM's counter a thread, as JMH's {@code -prof gc} sums up), not
 * the driver's. 128 calls in flight, popular keys (Zipf).
 */
record AllocationGoal(Target target) implements Measurement {
    private static final Duration READY_MAX = Duration.ofSeconds(30);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public List<Target> targets() {
        return List.of(target);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        SyntheticData data = SyntheticData.of(session.effort().rows(10_000), ReadRig.VALUE_BYTES);
        session.rig().note("data", data.describe() + " in memory; server, echo and driver in one process");
        ServingConfig config = ServingConfig.defaults()
                .withListen("127.0.0.1:0")
                .withHttp("none")
                .with("event_loops", "1");
        Set<Long> others = threads();
        try (Store store = Stores.open("memory:allocation-" + UUID.randomUUID(), true)) {
            SyntheticPublisher.publish(store, data, 1, PublisherOptions.DEFAULTS);
            try (ServingServer server = ServingServer.start(config, store)) {
                server.awaitReady(READY_MAX);
                Side serving = warm(session, "127.0.0.1:" + server.port(), data, others);
                Set<Long> withServer = threads();
                try (EchoServer echo = EchoServer.start(EchoOptions.defaults())) {
                    Side baseline = warm(session, "127.0.0.1:" + echo.port(), data, withServer);
                    for (int round = 0; round < session.effort().rounds(); round++) {
                        double echoed = baseline.bytesACall(session, target);
                        session.add(target, serving.bytesACall(session, target), echoed);
                    }
                }
            }
        }
    }

    /** Drives a server until its threads are there and its code is compiled. */
    private static Side warm(Session session, String address, SyntheticData data, Set<Long> others)
            throws InterruptedException {
        Effort effort = session.effort();
        Calls calls = Loads.popular(data);
        Loads.saturate(address, calls, Duration.ZERO, effort.warmUp());
        Set<Long> own = threads();
        own.removeAll(others);
        return new Side(address, calls, own);
    }

    private static Set<Long> threads() {
        return Arrays.stream(THREADS.getAllThreadIds()).boxed().collect(Collectors.toSet());
    }

    /** A server in this process and its threads. */
    private record Side(String address, Calls calls, Set<Long> threads) {
        double bytesACall(Session session, Target target) throws InterruptedException {
            long before = allocated();
            LoadReport report = Loads.saturate(
                    address, calls, Duration.ZERO, session.effort().measured());
            session.checkRound(target, report);
            return (double) (allocated() - before) / report.statuses().getOrDefault("OK", 0L);
        }

        private long allocated() {
            return Arrays.stream(THREADS.getThreadAllocatedBytes(
                            threads.stream().mapToLong(Long::longValue).toArray()))
                    .filter(bytes -> bytes > 0)
                    .sum();
        }
    }
}
