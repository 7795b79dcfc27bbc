package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.it.StoreKind.RunningStore;
import io.penstock.publisher.Outcome;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.blob.BlobAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A publication writes what changed, and nothing when nothing did. */
@ParameterizedClass
@MethodSource("io.penstock.it.StoreKind#available")
class DeltaPublishingIT {
    private static final String NAMESPACE = "delta";

    /** Rows of about 200 bytes, of which one in a hundred changes with the state. */
    private static final TestData DATA = new TestData("delta", 100_000, 1, 175);

    private static final DatasetId DATASET = new DatasetId(NAMESPACE, DATA.dataset());

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
    private StoreAudit audit;

    @BeforeEach
    void open() {
        running = kind.start(directory);
        store = Stores.open(running.url(), true);
        audit = new StoreAudit(store, NAMESPACE);
    }

    @AfterEach
    void close() {
        store.close();
        running.close();
    }

    @Test
    void theSameDataWithTheSameWatermarkIsUnchanged() {
        publish(1, TestData.EPOCH);
        PublicationReport again = publish(1, TestData.EPOCH);
        assertThat(again.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(audit.dataset(DATA.dataset()).getRevision()).isEqualTo(1);
        assertThat(audit.dataset(DATA.dataset()).hasSlot()).isFalse();
        audit.assertNoBlobIsLeftOver();
    }

    @Test
    void theSameDataWithANewerWatermarkIsAVersionWithoutBuckets() {
        Manifest first = publish(1, TestData.EPOCH).manifest();
        Manifest second = publish(1, TestData.EPOCH.plusSeconds(60)).manifest();
        assertThat(second.getBucketsWritten()).isZero();
        assertThat(second.getChunkGenerationsList()).isEqualTo(first.getChunkGenerationsList());
        assertThat(second.getDataAsOf().getSeconds())
                .isEqualTo(first.getDataAsOf().getSeconds() + 60);
        assertThat(audit.dataset(DATA.dataset()).getRevision()).isEqualTo(2);
        audit.assertCurrentIs(DATA, 1);
    }

    @Test
    void onePercentOfChangedRowsWritesTheChangedBucketsAndLittleElse() {
        Manifest first = publish(1, TestData.EPOCH).manifest();
        Set<String> before = new HashSet<>();
        audit.sizes().keySet().forEach(address -> before.add(address.keyName()));
        Manifest second = publish(2, TestData.EPOCH.plusSeconds(1)).manifest();
        assertThat(second.getRowsUpdated()).isBetween(900L, 1_100L);
        assertThat(second.getRowsAdded()).isZero();

        long changedBuckets = 0;
        long written = 0;
        for (Map.Entry<BlobAddress, Integer> blob : audit.sizes().entrySet()) {
            if (!before.contains(blob.getKey().keyName())) {
                written += blob.getValue();
                changedBuckets += switch (blob.getKey().kind()) {
                    case BUCKET -> blob.getValue();
                    case CHUNK, DIGEST, MANIFEST, INTENT -> 0;
                };
            }
        }
        assertThat(second.getBytesWritten()).isLessThan(first.getBytes() / 10);
        assertThat((double) written / changedBuckets)
                .as("bytes written per byte of changed bucket")
                .isLessThanOrEqualTo(1.3);
        audit.assertCurrentIs(DATA, 2);
        assertThat(audit.rows(DATASET, first.getGeneration()).get(DATA.key(0))).isEqualTo(DATA.value(0, 1));
    }

    private PublicationReport publish(long state, Instant dataAsOf) {
        try (Publisher publisher = Publisher.builder(store).build()) {
            return publisher
                    .publishAtomically(
                            List.of(Publication.builder(NAMESPACE, DATA.contract(), DATA.source(state, dataAsOf))
                                    .build()))
                    .get(0);
        }
    }
}
