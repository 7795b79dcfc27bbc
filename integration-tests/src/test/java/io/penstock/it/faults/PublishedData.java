package io.penstock.it.faults;

import static java.util.Objects.requireNonNull;

import io.penstock.it.StoreAudit;
import io.penstock.it.TestData;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.admin.CatalogAdmin;
import io.penstock.publisher.collect.GcOptions;
import io.penstock.serving.v1.GetRequest;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.presence.Presence;
import io.penstock.store.testkit.Await;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A dataset that a test publishes in one state after another, and what each of its revisions therefore has to hold: an
 * answer names its revision, and so says by itself what it must be. It reaches the store by its own connections, past
 * whatever stands between the store and a server.
 */
final class PublishedData implements AutoCloseable {
    static final String NAMESPACE = "faults";

    /** Of a test that publishes, collects and moves back again and again: nothing waits for longer than it has to. */
    static final PublisherOptions HASTY = PublisherOptions.DEFAULTS
            .withHeartbeat(Duration.ofMillis(100), Duration.ofSeconds(2))
            .withPresenceTtl(Duration.ofSeconds(2))
            .withAdoptionTimeout(Duration.ofSeconds(10))
            .withGrace(Duration.ZERO);

    private static final int RETENTION = 2;

    private final Store store;
    private final TestData data;
    private final DatasetId id;

    /** State by revision. Written by the test before a move, read by whoever checks an answer. */
    private final Map<Long, Long> states = new ConcurrentHashMap<>();

    private long revision;

    private PublishedData(Store store, TestData data) {
        this.store = store;
        this.data = data;
        this.id = new DatasetId(NAMESPACE, data.dataset());
    }

    /** Opens a store for publishing; it stays empty until {@link #publish}. */
    static PublishedData on(String url, TestData data) {
        return new PublishedData(Stores.open(url, true), data);
    }

    /** Publishes the data in a state, and waits for the servers. */
    PublicationReport publish(long state) {
        return publish(state, PublicationObserver.NONE);
    }

    PublicationReport publish(long state, PublicationObserver observer) {
        try (Publisher publisher = publisher(observer)) {
            return publish(publisher, state);
        }
    }

    /** Publishes the data in a state; the servers may not have noticed when this returns. */
    void publishWithoutWaiting(long state) {
        PublisherOptions options = HASTY.withAdoptionTimeout(Duration.ZERO);
        try (Publisher publisher = Publisher.builder(store).options(options).build()) {
            publish(publisher, state);
        }
    }

    /** Publishes by somebody else's means. */
    PublicationReport publish(Publisher publisher, long state) {
        states.put(revision + 1, state);
        PublicationReport report = publisher.publish(publication(state));
        revision = report.revision();
        return report;
    }

    Publication publication(long state) {
        return Publication.builder(NAMESPACE, data.contract(), data.source(state))
                .retention(RETENTION)
                .build();
    }

    Publisher publisher(PublicationObserver observer) {
        return Publisher.builder(store).options(HASTY).observer(observer).build();
    }

    /** Goes back to the version before the current one. */
    void rollBack(long toState) {
        states.put(revision + 1, toState);
        new CatalogAdmin(store, NAMESPACE, "test", InstantSource.system(), new Random())
                .rollback(data.dataset(), OptionalLong.empty(), false);
        revision = audit().dataset(data.dataset()).getRevision();
    }

    /** Takes the servers' presence away, as if it had been lost. */
    void forgetServers() {
        Presence presence = store.presence(NAMESPACE);
        for (PresenceRecord record : Await.stage(presence.list())) {
            Await.stage(presence.remove(record.getId()));
        }
    }

    /**
     * Deletes at once what nobody needs any more but for presence.
     *
     * @param keep how many versions stay
     */
    void collect(int keep) {
        try (Publisher publisher = publisher(PublicationObserver.NONE)) {
            publisher.collect(
                    NAMESPACE,
                    GcOptions.DEFAULTS
                            .withGrace(Duration.ZERO)
                            .withPresenceTtl(HASTY.presenceTtl())
                            .withKeep(keep)
                            .withSweepNow(true));
        }
    }

    /** A move the test knows of though it did not make it. */
    void moved(long toRevision, long state) {
        states.put(toRevision, state);
        revision = toRevision;
    }

    /** The revision of the newest move. */
    long revision() {
        return revision;
    }

    /** What the row must be at a revision. */
    byte[] value(int row, long atRevision) {
        return data.value(row, requireNonNull(states.get(atRevision), "a revision that nobody made"));
    }

    GetRequest request(int row) {
        return GetRequest.newBuilder()
                .setDataset(data.dataset())
                .setKey(data.key(row))
                .build();
    }

    TestData data() {
        return data;
    }

    DatasetId id() {
        return id;
    }

    Store store() {
        return store;
    }

    StoreAudit audit() {
        return new StoreAudit(store, NAMESPACE);
    }

    @Override
    public void close() {
        store.close();
    }
}
