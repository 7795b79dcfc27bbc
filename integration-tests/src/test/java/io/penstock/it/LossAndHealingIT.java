package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.client.BatchRows;
import io.penstock.client.Lookup;
import io.penstock.client.Outcome;
import io.penstock.client.PenstockClient;
import io.penstock.it.StoreKind.RunningStore;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.v1.Reason;
import io.penstock.storage.v1.Bucket;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Buckets are deleted and damaged under a running server: an error for their keys, right answers for all others. */
@ParameterizedClass
@MethodSource("io.penstock.it.StoreKind#available")
class LossAndHealingIT {
    private static final TestData DATA = new TestData("lossy", 3_000, 100, 60);
    private static final DatasetId DATASET = new DatasetId("loss", DATA.dataset());

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
    private StoreAudit audit;

    @BeforeEach
    void serve() throws Exception {
        running = kind.start(directory);
        store = Stores.open(running.url(), true);
        audit = new StoreAudit(store, DATASET.namespace());
        publish();
        server = ServingServer.start(
                ServingConfig.defaults()
                        .withStore(running.url())
                        .withNamespaces(List.of(DATASET.namespace()))
                        .withListen("127.0.0.1:0")
                        .withHttp("127.0.0.1:0")
                        .with("warmup.duration", "0s"), // a warm row survives the loss of its bucket
                store);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        client = PenstockClient.builder("127.0.0.1:" + server.port())
                .deadline(Duration.ofSeconds(10))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        store.close();
        running.close();
    }

    @Test
    void aLostAndADamagedBucketAreDataLossUntilTheDataIsPublishedAgain() throws Exception {
        List<BlobAddress> buckets =
                audit.buckets(DATASET, audit.dataset(DATA.dataset()).getCurrent());
        Set<String> lost = new HashSet<>(keysOf(buckets.get(3)));
        Set<String> damaged = new HashSet<>(keysOf(buckets.get(7)));
        try (BlobWriter blobs = store.openWriter()) {
            damage(blobs, buckets.get(7));
            await(blobs.delete(List.of(buckets.get(3))));
        }

        for (int row = 0; row < DATA.rows(); row += 500) {
            List<String> keys = new ArrayList<>();
            for (int i = row; i < row + 500; i++) {
                keys.add(DATA.key(i));
            }
            BatchRows<ByteString> rows = client.batchGet(DATA.dataset(), keys);
            for (int i = 0; i < keys.size(); i++) {
                check(rows.lookups().get(i), row + i, lost, damaged);
            }
        }

        PublicationReport healed = publish();
        assertThat(healed.manifest().getNumber()).isEqualTo(2);
        assertThat(healed.bucketsHealed()).isEqualTo(2);
        audit.assertCurrentIs(DATA, 1);
        for (String key : lost) {
            assertThat(client.get(DATA.dataset(), key).outcome()).isEqualTo(Outcome.FOUND);
        }
        for (String key : damaged) {
            assertThat(client.get(DATA.dataset(), key).outcome()).isEqualTo(Outcome.FOUND);
        }
    }

    /** Sets a bit. No address is ever written with two values, so each store is got round in another way. */
    private void damage(BlobWriter blobs, BlobAddress bucket) {
        byte[] sealed = sealed(blobs, bucket);
        int at = sealed.length / 2;
        while ((sealed[at] & 1) != 0) {
            at++;
        }
        sealed[at] |= 1;
        if (kind
                != StoreKind.CASSANDRA) { // which keeps the larger of two values, and nothing that comes after a delete
            await(blobs.delete(List.of(bucket)));
        }
        await(blobs.put(List.of(Blob.ofSealed(bucket, sealed))));
    }

    private static void check(Lookup<ByteString> lookup, int row, Set<String> lost, Set<String> damaged) {
        String key = DATA.key(row);
        if (lost.contains(key) || damaged.contains(key)) {
            assertThat(lookup.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(lookup.failure().orElseThrow().reason())
                    .isEqualTo(lost.contains(key) ? Reason.REASON_BUCKET_LOST : Reason.REASON_BUCKET_CORRUPT);
        } else {
            assertThat(lookup.value().orElseThrow().toByteArray()).isEqualTo(DATA.value(row, 1));
        }
    }

    private List<String> keysOf(BlobAddress bucket) throws Exception {
        try (BlobWriter blobs = store.openWriter()) {
            byte[] sealed = sealed(blobs, bucket);
            return Bucket.parseFrom(ByteString.copyFrom(sealed, 0, sealed.length - Seal.BYTES)).getRowsList().stream()
                    .map(row -> row.getKey().toStringUtf8())
                    .toList();
        }
    }

    private static byte[] sealed(BlobWriter blobs, BlobAddress address) {
        byte[] sealed = await(blobs.get(List.of(address))).get(0);
        assertThat(sealed).isNotNull();
        return sealed;
    }

    private static <T> T await(java.util.concurrent.CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private PublicationReport publish() {
        try (Publisher publisher = Publisher.builder(store).build()) {
            return publisher.publish(Publication.builder(DATASET.namespace(), DATA.contract(), DATA.source(1))
                    .build());
        }
    }
}
