package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.collect.Collector;
import io.penstock.publisher.collect.GcOptions;
import io.penstock.publisher.collect.GcReport;
import io.penstock.publisher.compare.ComparisonReport;
import io.penstock.publisher.compare.RowDifference;
import io.penstock.publisher.compare.RowMoment;
import io.penstock.publisher.compare.RowPair;
import io.penstock.publisher.sort.RowSorter;
import io.penstock.publisher.sort.SortOptions;
import io.penstock.publisher.verify.AuditReport;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Publishes rows as versions. Every method blocks until it is done and throws {@link PublisherException}; several threads
 * may use one publisher. Killed at any instruction, it leaves readers the old version or the new one, whole.
 */
public final class Publisher implements AutoCloseable {
    private final Session.Environment environment;
    private final @Nullable ScheduledExecutorService ownScheduler;

    private Publisher(Session.Environment environment, @Nullable ScheduledExecutorService ownScheduler) {
        this.environment = environment;
        this.ownScheduler = ownScheduler;
    }

    /**
     * Begins to set one up.
     *
     * @param store stays the caller's to close
     */
    public static Builder builder(Store store) {
        return new Builder(store);
    }

    /**
     * Publishes one dataset.
     *
     * @throws PublisherException if nothing was committed, or, with the code {@code COMMIT_UNKNOWN}, if that is not known
     */
    public PublicationReport publish(Publication publication) {
        return publishAtomically(List.of(publication)).get(0);
    }

    /**
     * Publishes several datasets of one namespace so that no reader sees one without the others.
     *
     * @return a report for each, in the order given
     * @throws PublisherException if nothing was committed, or, with the code {@code COMMIT_UNKNOWN}, if that is not known
     */
    public List<PublicationReport> publishAtomically(List<Publication> publications) {
        requireOneNamespace(publications);
        return inSession(publications.get(0).namespace(), session -> new PublishPipeline(session, publications).run());
    }

    /** Finds out what {@link #publish} would do and writes nothing but a presence record. */
    public PublicationPlan plan(Publication publication) {
        return inSession(publication.namespace(), session -> new DryRun(session, publication).run());
    }

    /** Deletes blobs of a namespace that no one needs. */
    public GcReport collect(String namespace, GcOptions options) {
        return new Collector(
                        environment.store(),
                        namespace,
                        environment.clock(),
                        environment.random(),
                        environment.observer())
                .collect(options);
    }

    /**
     * Reads a whole stored version and checks it.
     *
     * @param number of the version; empty = the current one
     */
    public AuditReport audit(DatasetId dataset, OptionalLong number) {
        return inSession(dataset.namespace(), session -> new Inspection(session, dataset).audit(number));
    }

    /**
     * Compares two stored versions, given by their numbers.
     *
     * @param each is given every row that differs, on this thread
     */
    public ComparisonReport compare(DatasetId dataset, long before, long after, Consumer<RowDifference> each) {
        return inSession(dataset.namespace(), session -> new Inspection(session, dataset).compare(before, after, each));
    }

    /** Looks one row up in two stored versions, given by their numbers. */
    public RowPair compareRow(DatasetId dataset, long before, long after, byte[] key) {
        return inSession(
                dataset.namespace(), session -> new Inspection(session, dataset).compareRow(before, after, key));
    }

    /** What every move of the current version that the catalog still lists did to one row, oldest first. */
    public List<RowMoment> history(DatasetId dataset, byte[] key) {
        return inSession(dataset.namespace(), session -> new Inspection(session, dataset).history(key));
    }

    /**
     * Erases keys: out of the current version, of those to come, and of every other one that is kept. Run again, it goes on
     * where it was interrupted.
     *
     * @param keys distinct, as the contract encodes them
     * @param reason for the audit trail
     * @throws PublisherException if nothing was committed, or, with the code {@code COMMIT_UNKNOWN}, if that is not known
     */
    public ErasureReport erase(DatasetId dataset, List<byte[]> keys, String reason) {
        return inSession(dataset.namespace(), session -> new Erasing(session, dataset, keys, reason).run());
    }

    /** Allows erased keys to be published again; returns how many were erased. */
    public int lift(DatasetId dataset, List<byte[]> keys, String reason) {
        return inSession(dataset.namespace(), session -> new Erasing(session, dataset, keys, reason).lift());
    }

    private static void requireOneNamespace(List<Publication> publications) {
        if (publications.isEmpty()) {
            throw new PublisherException(Category.USAGE, "NOTHING_TO_PUBLISH", "no publication was given");
        }
        Set<DatasetId> datasets = new HashSet<>();
        for (Publication publication : publications) {
            if (!publication.namespace().equals(publications.get(0).namespace())) {
                throw new PublisherException(
                        Category.USAGE,
                        "SEVERAL_NAMESPACES",
                        "datasets of the namespaces '" + publications.get(0).namespace() + "' and '"
                                + publication.namespace()
                                + "' cannot be committed together; publish them one after the other");
            }
            if (!datasets.add(publication.dataset())) {
                throw new PublisherException(
                        Category.USAGE, "DATASET_TWICE", publication.dataset() + " is in the publication twice");
            }
        }
    }

    private <T> T inSession(String namespace, Function<Session, T> body) {
        try (Session session = new Session(environment, namespace)) {
            return body.apply(session);
        } catch (RuntimeException e) {
            throw Failures.of(e);
        }
    }

    @Override
    public void close() {
        if (ownScheduler != null) {
            ownScheduler.shutdownNow();
        }
    }

    /** Sets what has a default. Not thread-safe. */
    public static final class Builder {
        private final Store store;
        private PublisherOptions options = PublisherOptions.DEFAULTS;
        private PublicationObserver observer = PublicationObserver.NONE;
        private InstantSource clock = InstantSource.system();
        private RandomGenerator random = new SecureRandom();
        private Supplier<RowSorter> sorters = () -> RowSorter.open(SortOptions.defaults());
        private String by = ProcessName.current();
        private @Nullable ScheduledExecutorService scheduler;

        private Builder(Store store) {
            this.store = store;
        }

        public Builder options(PublisherOptions newOptions) {
            options = newOptions;
            return this;
        }

        public Builder observer(PublicationObserver newObserver) {
            observer = newObserver;
            return this;
        }

        /** The clock for what people read and for expiry; who is alive is never decided by it. */
        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        /** The source of generations; it must never repeat one. */
        public Builder random(RandomGenerator newRandom) {
            random = newRandom;
            return this;
        }

        /** Makes an empty sorter for each dataset. */
        public Builder sorter(Supplier<RowSorter> newSorters) {
            sorters = newSorters;
            return this;
        }

        public Builder sortOptions(SortOptions sortOptions) {
            return sorter(() -> RowSorter.open(sortOptions));
        }

        /** Who publishes, for people: user, host, process. */
        public Builder by(String who) {
            by = who;
            return this;
        }

        /** Where heartbeats run; stays the caller's. Without it the publisher has a thread of its own. */
        public Builder scheduler(ScheduledExecutorService newScheduler) {
            scheduler = newScheduler;
            return this;
        }

        public Publisher build() {
            ScheduledExecutorService own = scheduler == null ? newScheduler() : null;
            ScheduledExecutorService used = scheduler == null ? own : scheduler;
            return new Publisher(
                    new Session.Environment(
                            store, options, observer, clock, random, sorters, Objects.requireNonNull(used), by),
                    own);
        }

        private static ScheduledExecutorService newScheduler() {
            return Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "penstock-heartbeat");
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
