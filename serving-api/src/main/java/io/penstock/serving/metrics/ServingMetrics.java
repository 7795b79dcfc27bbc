package io.penstock.serving.metrics;

import com.google.protobuf.ProtocolMessageEnum;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.penstock.serving.read.ReadMetrics;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the read path reports. A meter is resolved when its case first occurs and found by an array index from
 * then on: counting a request looks nothing up and makes no string.
 */
public final class ServingMetrics implements ReadMetrics {
    private static final String GET = "Get";
    private static final String BATCH_GET = "BatchGet";
    private static final String NO_DATASET = "";
    private static final String ANSWERED = "OK";
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(50_000),
        Duration.ofNanos(100_000),
        Duration.ofNanos(200_000),
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final BiConsumer<String, Reason> lost;
    private final Map<DatasetId, ForDataset> datasets = new ConcurrentHashMap<>();
    private final PerCase<Reason, Timer> getFailures;
    private final PerCase<Reason, Timer> batchFailures;
    private final Timer batches;
    private final Counter batchKeys;
    private final Timer overruns;
    private final DistributionSummary pendingReads;
    private final DistributionSummary pendingFetches;

    /** @param lost told the dataset and the reason of each lookup that ended in DATA_LOSS; called on event loops */
    public ServingMetrics(MeterRegistry registry, BiConsumer<String, Reason> lost) {
        this.registry = registry;
        this.lost = lost;
        getFailures = PerCase.reason(reason -> requests(NO_DATASET, GET, name(reason)));
        batchFailures = PerCase.reason(reason -> requests(NO_DATASET, BATCH_GET, name(reason)));
        batches = requests(NO_DATASET, BATCH_GET, ANSWERED);
        batchKeys = Counter.builder(MetricNames.BATCH_KEYS)
                .description("Keys asked for in batches")
                .register(registry);
        overruns = timer(
                MetricNames.DEADLINE_OVERRUN,
                "Calls that reached their deadline unanswered, by how much later they were ended",
                Tags.empty());
        pendingReads = DistributionSummary.builder(MetricNames.PENDING_READS)
                .description("Calls and buckets of batches waiting on a loop when it asks the store")
                .register(registry);
        pendingFetches = DistributionSummary.builder(MetricNames.PENDING_FETCHES)
                .description("Buckets a loop waits for when it asks the store")
                .register(registry);
    }

    @Override
    public ForDataset forDataset(DatasetId dataset) {
        return datasets.computeIfAbsent(dataset, id -> new OfDataset(id.toString()));
    }

    @Override
    public void getFailed(Reason reason, long nanos) {
        getFailures.get(reason).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void batchAnswered(int keys, long nanos) {
        batches.record(nanos, TimeUnit.NANOSECONDS);
        batchKeys.increment(keys);
    }

    @Override
    public void batchFailed(Reason reason, long nanos) {
        batchFailures.get(reason).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void pending(int reads, int fetches) {
        pendingReads.record(reads);
        pendingFetches.record(fetches);
    }

    @Override
    public void overdue(long lateNanos) {
        overruns.record(lateNanos, TimeUnit.NANOSECONDS);
    }

    private Timer requests(String dataset, String method, String outcome) {
        return timer(
                MetricNames.REQUESTS,
                "Lookups by the time they took in the server",
                Tags.of(
                        MetricNames.LABEL_DATASET,
                        dataset,
                        MetricNames.LABEL_METHOD,
                        method,
                        MetricNames.LABEL_OUTCOME,
                        outcome));
    }

    private Timer timer(String name, String description, Tags tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** An outcome as {@code penstock get} prints it. */
    private static String name(Outcome outcome) {
        return outcome.name().replace("OUTCOME_", "");
    }

    /** A reason as errors carry it. */
    static String name(Reason reason) {
        return reason.name().replace("REASON_", "");
    }

    /** Meters by an enum's number, each registered when it is first asked for. Registering twice gives the same one. */
    private static final class PerCase<C extends ProtocolMessageEnum, T> {
        private final AtomicReferenceArray<@Nullable T> known;
        private final Function<C, T> register;

        private PerCase(C[] cases, C unrecognized, Function<C, T> register) {
            int numberMax = 0;
            for (C each : cases) {
                numberMax = each == unrecognized ? numberMax : Math.max(numberMax, each.getNumber());
            }
            this.known = new AtomicReferenceArray<>(numberMax + 1);
            this.register = register;
        }

        static <T> PerCase<Reason, T> reason(Function<Reason, T> register) {
            return new PerCase<>(Reason.values(), Reason.UNRECOGNIZED, register);
        }

        static <T> PerCase<Outcome, T> outcome(Function<Outcome, T> register) {
            return new PerCase<>(Outcome.values(), Outcome.UNRECOGNIZED, register);
        }

        T get(C each) {
            int number = each.getNumber(); // what the read path reports is one of ours, never unrecognized
            T present = known.get(number);
            if (present == null) {
                present = register.apply(each);
                known.set(number, present);
            }
            return present;
        }
    }

    private final class OfDataset implements ForDataset {
        private final String dataset;
        private final PerCase<Outcome, Timer> getsAnswered;
        private final PerCase<Reason, Timer> getsFailed;
        private final PerCase<Outcome, Counter> rowsAnswered;
        private final PerCase<Reason, Counter> rowsFailed;
        private final PerCase<Reason, Counter> losses;
        private final Counter hits;
        private final Counter misses;
        private final Timer reads;
        private final Counter readBytes;
        private final Counter readFailures;
        private final Counter secondLooks;

        OfDataset(String dataset) {
            this.dataset = dataset;
            getsAnswered = PerCase.outcome(outcome -> requests(dataset, GET, name(outcome)));
            getsFailed = PerCase.reason(reason -> requests(dataset, GET, name(reason)));
            rowsAnswered = PerCase.outcome(outcome -> batchRows(dataset, name(outcome)));
            rowsFailed = PerCase.reason(reason -> batchRows(dataset, name(reason)));
            losses = PerCase.reason(reason -> Counter.builder(MetricNames.LOSSES)
                    .description("Buckets found lost or damaged, by lookup")
                    .tags(MetricNames.LABEL_DATASET, dataset, MetricNames.LABEL_REASON, name(reason))
                    .register(registry));
            hits = counter(MetricNames.CACHE_HITS, "Keys the near cache answered", dataset);
            misses = counter(MetricNames.CACHE_MISSES, "Keys the near cache did not answer", dataset);
            reads = timer(
                    MetricNames.STORE_READS,
                    "Buckets read by the time the store took",
                    Tags.of(MetricNames.LABEL_DATASET, dataset));
            readBytes = counter(MetricNames.STORE_READ_BYTES, "Bytes of buckets read", dataset);
            readFailures = counter(MetricNames.STORE_FAILURES, "Bucket reads the store did not answer", dataset);
            secondLooks = counter(MetricNames.SECOND_LOOKS, "Missing or bad buckets looked at twice", dataset);
        }

        private Counter counter(String name, String description, String dataset) {
            return Counter.builder(name)
                    .description(description)
                    .tag(MetricNames.LABEL_DATASET, dataset)
                    .register(registry);
        }

        private Counter batchRows(String dataset, String outcome) {
            return Counter.builder(MetricNames.BATCH_ROWS)
                    .description("Keys of batches by what came of them")
                    .tags(MetricNames.LABEL_DATASET, dataset, MetricNames.LABEL_OUTCOME, outcome)
                    .register(registry);
        }

        @Override
        public void getAnswered(Outcome outcome, long nanos) {
            getsAnswered.get(outcome).record(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void getFailed(Reason reason, long nanos) {
            getsFailed.get(reason).record(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void batchRows(Outcome outcome, Reason reason, int rows) {
            if (outcome == Outcome.OUTCOME_FAILED) {
                rowsFailed.get(reason).increment(rows);
            } else {
                rowsAnswered.get(outcome).increment(rows);
            }
        }

        @Override
        public void cacheHits(int keys) {
            hits.increment(keys);
        }

        @Override
        public void cacheMisses(int keys) {
            misses.increment(keys);
        }

        @Override
        public void fetched(int bytes, long nanos) {
            reads.record(nanos, TimeUnit.NANOSECONDS);
            if (bytes > 0) {
                readBytes.increment(bytes);
            }
        }

        @Override
        public void fetchFailed() {
            readFailures.increment();
        }

        @Override
        public void secondLook(Reason reason, boolean confirmed) {
            secondLooks.increment();
            if (confirmed) {
                losses.get(reason).increment();
                lost.accept(dataset, reason);
            }
        }
    }
}
