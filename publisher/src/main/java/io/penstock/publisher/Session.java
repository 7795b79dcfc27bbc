package io.penstock.publisher;

import io.penstock.publisher.internal.RandomIds;
import io.penstock.publisher.slot.CatalogCreation;
import io.penstock.publisher.slot.Heartbeat;
import io.penstock.publisher.sort.RowSorter;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.throttle.ByteBudget;
import io.penstock.publisher.throttle.InFlightBlobWriter;
import io.penstock.publisher.throttle.ThrottledBlobWriter;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Generations;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.presence.Presence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** A publisher's connections to one namespace for one call. Used by the publishing thread only. */
final class Session implements AutoCloseable {
    private final Environment environment;
    private final String namespace;
    private final BlobWriter blobs;
    private final CatalogClient catalog;
    private final Presence presence;

    /** What a publisher was built with. */
    record Environment(
            Store store,
            PublisherOptions options,
            PublicationObserver observer,
            InstantSource clock,
            RandomGenerator random,
            Supplier<RowSorter> sorters,
            ScheduledExecutorService scheduler,
            String by) {}

    Session(Environment environment, String namespace) {
        this.environment = environment;
        this.namespace = namespace;
        this.blobs = throttled(environment.store().openWriter(), environment.options());
        this.catalog = new CatalogClient(
                environment.store().catalog(namespace),
                namespace,
                environment.random(),
                environment.options().catalogTimeout());
        this.presence = environment.store().presence(namespace);
    }

    private static BlobWriter throttled(BlobWriter blobs, PublisherOptions options) {
        BlobWriter throttled = blobs;
        if (options.maxInFlight() != PublisherOptions.IN_FLIGHT_UNLIMITED) {
            throttled = new InFlightBlobWriter(throttled, options.maxInFlight());
        }
        if (options.maxBytesPerSecond() != PublisherOptions.UNLIMITED) {
            ByteBudget budget = new ByteBudget(
                    options.maxBytesPerSecond(), System::nanoTime, nanos -> Stages.pause(Duration.ofNanos(nanos)));
            throttled = new ThrottledBlobWriter(throttled, budget);
        }
        return throttled;
    }

    Store store() {
        return environment.store();
    }

    PublisherOptions options() {
        return environment.options();
    }

    RandomGenerator random() {
        return environment.random();
    }

    InstantSource clock() {
        return environment.clock();
    }

    Instant now() {
        return environment.clock().instant();
    }

    String by() {
        return environment.by();
    }

    RowSorter newSorter() {
        return environment.sorters().get();
    }

    PublicationObserver observer() {
        return environment.observer();
    }

    void reached(Step step, Object detail) {
        environment.observer().at(step, detail.toString());
    }

    String namespace() {
        return namespace;
    }

    BlobWriter blobs() {
        return blobs;
    }

    CatalogClient catalog() {
        return catalog;
    }

    Presence presence() {
        return presence;
    }

    CatalogSnapshot findOrCreateCatalog() {
        return new CatalogCreation(catalog, presence).findOrCreate();
    }

    /** A heartbeat of its own name, not yet announced. */
    Heartbeat newHeartbeat(long storeId) {
        return Heartbeat.start(
                presence,
                environment.scheduler(),
                environment.clock(),
                "publisher-" + Generations.format(randomId()),
                by(),
                storeId,
                options().heartbeatInterval(),
                options().heartbeatTtl());
    }

    /** A random id that is not 0. */
    long randomId() {
        return RandomIds.next(environment.random());
    }

    /** Whether a slot of the dataset is this generation's. */
    static boolean holdsSlot(Catalog catalog, String dataset, long generation) {
        DatasetEntry entry = CatalogSnapshot.findDataset(catalog, dataset);
        return entry != null && entry.hasSlot() && entry.getSlot().getGeneration() == generation;
    }

    @Override
    public void close() {
        blobs.close();
    }
}
