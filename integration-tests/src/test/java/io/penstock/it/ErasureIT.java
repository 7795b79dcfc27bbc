package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.client.Outcome;
import io.penstock.client.PenstockClient;
import io.penstock.it.StoreKind.RunningStore;
import io.penstock.publisher.ErasureReport;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.collect.GcOptions;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** After an erasure and a collection no blob of the store holds the key or its row, under a running server. */
@ParameterizedClass
@MethodSource("io.penstock.it.StoreKind#available")
class ErasureIT {
    private static final TestData DATA = new TestData("people", 2_000, 30, 40);
    private static final DatasetId DATASET = new DatasetId("erasure", DATA.dataset());
    /** With as many digits as a key can have, so that none is the beginning of another. */
    private static final List<Integer> ERASED = List.of(1_717, 1_234);

    private static final GcOptions SWEEP =
            GcOptions.DEFAULTS.withGrace(Duration.ZERO).withSweepNow(true).withAbandonSilent(false);

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before every test
    private StoreKind kind;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before every test
    private RunningStore running;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private ServingServer server;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PenstockClient client;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Publisher publisher;

    @BeforeEach
    void serve() throws Exception {
        running = kind.start(directory);
        store = Stores.open(running.url(), true);
        publisher = Publisher.builder(store)
                .options(PublisherOptions.DEFAULTS.withAdoptionTimeout(Duration.ofSeconds(30)))
                .build();
        publish(1);
        server = ServingServer.start(
                ServingConfig.defaults()
                        .withStore(running.url())
                        .withNamespaces(List.of(DATASET.namespace()))
                        .withListen("127.0.0.1:0")
                        .withHttp("none")
                        .with("presence.interval", "200ms")
                        .with("warmup.duration", "0s"),
                store);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        client = PenstockClient.builder("127.0.0.1:" + server.port())
                .deadline(Duration.ofSeconds(10))
                .build();
        publish(2);
        publish(3);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        publisher.close();
        store.close();
        running.close();
    }

    private PublicationReport publish(long state) {
        return publisher.publish(Publication.builder(DATASET.namespace(), DATA.contract(), DATA.source(state))
                .build());
    }

    private static List<byte[]> keys() {
        return ERASED.stream()
                .map(row -> DATA.key(row).getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private void assertServed(boolean erasedAreThere, long state) throws Exception {
        for (int row = 0; row < DATA.rows(); row++) {
            if (ERASED.contains(row)) {
                assertThat(client.get(DATASET.name(), DATA.key(row)).outcome())
                        .isEqualTo(erasedAreThere ? Outcome.FOUND : Outcome.ABSENT);
            } else if (row % 100 == 0) {
                assertThat(client.get(DATASET.name(), DATA.key(row)).value().map(ByteString::toByteArray))
                        .contains(DATA.value(row, state));
            }
        }
    }

    private void assertInNoBlob(List<byte[]> needles) {
        assertThat(needlesInBlobs(needles)).isEmpty();
    }

    /** Those that are in any blob, whatever its kind and whoever names it. */
    private List<String> needlesInBlobs(List<byte[]> needles) {
        List<String> seen = new ArrayList<>();
        List<BlobAddress> addresses = new ArrayList<>();
        try (BlobWriter blobs = store.openWriter()) {
            blobs.scan(DATASET.namespace(), addresses::add);
            assertThat(addresses).hasSizeGreaterThan(10);
            for (BlobAddress address : addresses) {
                List<byte[]> found = new ArrayList<>(
                        blobs.get(List.of(address)).toCompletableFuture().join());
                ByteString content = ByteString.copyFrom(found.get(0));
                for (byte[] needle : needles) {
                    if (indexOf(content, ByteString.copyFrom(needle)) >= 0) {
                        seen.add(new String(needle, StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return seen;
    }

    private static int indexOf(ByteString content, ByteString needle) {
        for (int at = 0; at + needle.size() <= content.size(); at++) {
            if (content.substring(at, at + needle.size()).equals(needle)) {
                return at;
            }
        }
        return -1;
    }

    private void collectUntilNothingRetires() {
        StoreAudit audit = new StoreAudit(store, DATASET.namespace());
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        do {
            assertThat(System.nanoTime()).as("collected in time").isLessThan(deadline);
            publisher.collect(DATASET.namespace(), SWEEP);
        } while (audit.dataset(DATASET.name()).getVersionsList().stream()
                .anyMatch(version -> version.getState() == VersionEntry.State.STATE_RETIRING));
    }

    @Test
    void noBlobHoldsAnErasedKeyAndNoPublicationBringsItBack() throws Exception {
        assertServed(true, 3);
        assertThat(needlesInBlobs(keys()))
                .as("keys that the scan finds before")
                .contains(ERASED.stream().map(DATA::key).toArray(String[]::new));

        ErasureReport report = publisher.erase(DATASET, keys(), "a request");

        assertThat(report.complete()).isTrue();
        assertThat(report.keysErased()).isEqualTo(ERASED.size());
        assertThat(report.publication().manifest().getRowsRemoved()).isEqualTo(ERASED.size());
        assertThat(report.publication().manifest().getBucketsWritten()).isLessThanOrEqualTo(ERASED.size());
        assertThat(report.purged()).containsExactly(1L, 2L, 3L);
        assertServed(false, 3);

        collectUntilNothingRetires();

        List<byte[]> needles = new ArrayList<>(keys());
        for (int row : ERASED) {
            for (long state = 1; state <= 4; state++) {
                needles.add(DATA.value(row, state));
            }
        }
        assertInNoBlob(needles);
        new StoreAudit(store, DATASET.namespace()).assertNoBlobIsLeftOver();

        assertThat(publish(4).manifest().getRowsErased()).isEqualTo(ERASED.size());
        assertServed(false, 4);
        assertInNoBlob(needles);
    }
}
