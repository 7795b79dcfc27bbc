package io.penstock.publisher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.contract.Contract;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.collect.Collector;
import io.penstock.publisher.collect.GcOptions;
import io.penstock.publisher.collect.GcReport;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.ServerPresence;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.FaultyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A namespace on a store in the heap, with publishers that are fast to lose patience. */
public final class TestNamespace {
    public static final String NAME = "tests";
    public static final Duration HEARTBEAT = Duration.ofMillis(20);
    public static final Duration TTL = Duration.ofMillis(600);
    public static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    public static final PublisherOptions OPTIONS = PublisherOptions.DEFAULTS
            .withHeartbeat(HEARTBEAT, TTL)
            .withPresenceTtl(Duration.ofMillis(100))
            .withGrace(Duration.ZERO)
            .withAdoptionTimeout(Duration.ofMillis(300))
            .withCatalogTimeout(Duration.ofMillis(300));
    /** Deletes everything that may be deleted at all. */
    public static final GcOptions SWEEP_NOW = GcOptions.DEFAULTS
            .withGrace(Duration.ZERO)
            .withPresenceTtl(Duration.ofMillis(100))
            .withHeartbeat(HEARTBEAT, TTL)
            .withSweepNow(true);

    public final MemoryStore memory = new MemoryStore();
    private final Random random = new Random(System.nanoTime());
    public final TestClock clock = new TestClock(START);

    public Publisher.Builder publisher(Store store) {
        return Publisher.builder(store)
                .options(OPTIONS)
                .clock(clock)
                .random(new Random(Double.doubleToLongBits(Math.random())))
                .sorter(HeapSorter::new)
                .by("tester");
    }

    public Publisher.Builder publisher() {
        return publisher(memory);
    }

    /** A store of its own connection, whose faults hit nobody else. */
    public FaultyStore faulty() {
        return FaultyStore.wrap(memory.reopen());
    }

    public static Publication.Builder publication(Contract contract, TestRows rows) {
        return Publication.builder(NAME, contract, rows);
    }

    public static Publication publication(String product, Map<String, String> rows) {
        return publication(TestContracts.of(product), TestRows.of(rows)).build();
    }

    public PublicationReport publish(String product, Map<String, String> rows) {
        return publish(publication(product, rows));
    }

    public PublicationReport publish(Publication publication) {
        return publish(publication, PublicationObserver.NONE);
    }

    public PublicationReport publish(Publication publication, PublicationObserver observer) {
        try (Publisher publisher = publisher().observer(observer).build()) {
            return publisher.publish(publication);
        }
    }

    public static DatasetId dataset(String product) {
        return new DatasetId(NAME, product + ".v1");
    }

    public CatalogClient catalog() {
        return new CatalogClient(memory.catalog(NAME), NAME, random);
    }

    public DatasetEntry entry(String product) {
        CatalogSnapshot snapshot = catalog().require();
        return Objects.requireNonNull(snapshot.dataset(product + ".v1"));
    }

    public StrictReader reader(String product) {
        return new StrictReader(memory, dataset(product));
    }

    /** What a reader of the current version sees. */
    public Map<String, String> rows(String product) {
        return reader(product).rows(entry(product).getCurrent());
    }

    public GcReport collect(GcOptions options) {
        return new Collector(memory, NAME, clock, random, PublicationObserver.NONE).collect(options);
    }

    public Set<BlobAddress> blobs() {
        Set<BlobAddress> all = new HashSet<>();
        try (BlobWriter blobs = memory.openWriter()) {
            blobs.scan(NAME, all::add);
        }
        return all;
    }

    /** What a version names, for every version of every dataset that the catalog lists. */
    public Set<BlobAddress> namedBlobs() {
        Set<BlobAddress> named = new HashSet<>();
        for (DatasetEntry dataset : catalog().require().catalog().getDatasetsList()) {
            StrictReader reader = new StrictReader(memory, new DatasetId(NAME, dataset.getName()));
            for (VersionEntry version : dataset.getVersionsList()) {
                named.addAll(reader.named(version.getGeneration()));
            }
        }
        return named;
    }

    /** Deletes all that may be deleted and fails if a blob is left that no listed version names. */
    public void assertNothingLeftBehind() {
        collect(SWEEP_NOW);
        assertThat(blobs()).isEqualTo(namedBlobs());
        for (DatasetEntry dataset : catalog().require().catalog().getDatasetsList()) {
            assertThat(dataset.getAbandonedList()).isEmpty();
            assertThat(dataset.hasSlot()).isFalse();
        }
    }

    public void delete(BlobAddress address) {
        try (BlobWriter blobs = memory.openWriter()) {
            blobs.delete(List.of(address)).toCompletableFuture().join();
        }
    }

    /** Says that a server is alive. */
    public void serve(String product, long serving, long revision, List<Long> held, List<LostBucket> lost) {
        HeldDataset dataset = HeldDataset.newBuilder()
                .setDataset(product + ".v1")
                .setServing(serving)
                .setRevision(revision)
                .addAllHeld(held)
                .addAllLost(lost)
                .build();
        PresenceRecord record = PresenceRecord.newBuilder()
                .setId("server-1")
                .setCounter(1)
                .setProcess("server@host/1")
                .setStoreId(catalog()
                        .read()
                        .map(found -> found.catalog().getStoreId())
                        .orElse(99L))
                .setServer(
                        ServerPresence.newBuilder().setAddress("127.0.0.1:7070").addDatasets(dataset))
                .build();
        memory.presence(NAME)
                .put(record, Duration.ofMinutes(5))
                .toCompletableFuture()
                .join();
    }

    public void stopServing() {
        memory.presence(NAME).remove("server-1").toCompletableFuture().join();
    }

    /** {@code count} rows {@code key-i}, values of about {@code valueChars} characters. */
    public static Map<String, String> items(int count, int valueChars) {
        TreeMap<String, String> rows = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            rows.put("key-" + i, "value-" + i + "-" + "x".repeat(valueChars));
        }
        return rows;
    }
}
