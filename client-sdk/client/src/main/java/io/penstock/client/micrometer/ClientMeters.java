package io.penstock.client.micrometer;

import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.penstock.client.CallObserver;
import io.penstock.client.CallReport;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts and times a client's calls in a Micrometer registry.
 *
 * <pre>{@code
 * PenstockClient.builder("penstock:7070").observer(new ClientMeters(registry))
 * }</pre>
 *
 * <p>Thread-safe. A call costs one look into a map per meter.
 */
public final class ClientMeters implements CallObserver {
    /** Times calls, by {@code method}, {@code dataset}, {@code code} and {@code reason}; histogram buckets from 0.5 ms to 10 s. */
    public static final String CALLS = "penstock.client.calls";

    /** Counts requests beyond the first of a call, by {@code method} and {@code cause}: {@code retry} or {@code hedge}. */
    public static final String EXTRA_REQUESTS = "penstock.client.extra.requests";

    private static final Duration SHORTEST = Duration.ofNanos(500_000);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final String NONE = "none";
    private static final String REASON_PREFIX = "REASON_";

    private final MeterRegistry registry;
    private final Map<Tags, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Extra, Counter> counters = new ConcurrentHashMap<>();

    private record Tags(String method, String dataset, Status.Code code, Reason reason) {}

    private record Extra(String method, String cause) {}

    /** Meters in a registry, which may have other clients' meters too: they add up. */
    public ClientMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ended(CallReport report) {
        timers.computeIfAbsent(new Tags(report.method(), report.dataset(), report.code(), report.reason()), this::timer)
                .record(Duration.ofNanos(report.nanos()));
        int hedges = report.hedged() ? 1 : 0;
        count(report.method(), "hedge", hedges);
        count(report.method(), "retry", Math.max(0, report.attempts() - 1 - hedges));
    }

    private void count(String method, String cause, int requests) {
        if (requests > 0) {
            counters.computeIfAbsent(new Extra(method, cause), this::counter).increment(requests);
        }
    }

    private Timer timer(Tags tags) {
        String reason = tags.reason() == Reason.REASON_UNSPECIFIED
                ? NONE
                : tags.reason().name().substring(REASON_PREFIX.length()).toLowerCase(Locale.ROOT);
        return Timer.builder(CALLS)
                .description("Calls to Penstock servers, retries and hedges included.")
                .tag("method", tags.method())
                .tag("dataset", tags.dataset().isEmpty() ? NONE : tags.dataset())
                .tag("code", tags.code().name().toLowerCase(Locale.ROOT))
                .tag("reason", reason)
                .publishPercentileHistogram()
                .minimumExpectedValue(SHORTEST)
                .maximumExpectedValue(LONGEST)
                .register(registry);
    }

    private Counter counter(Extra extra) {
        return Counter.builder(EXTRA_REQUESTS)
                .description("Requests beyond the first of a call.")
                .tag("method", extra.method())
                .tag("cause", extra.cause())
                .register(registry);
    }
}
