package io.penstock.store.lmdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.RecordingCallback;
import io.penstock.store.testkit.TestEventLoop;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What still works when blobs find no more space. The map is small here; a full disk takes the same way. */
class FullStoreBehaviourTest {
    private static final DatasetId DATASET = new DatasetId("full", "customer-360.v1");

    @TempDir
    private Path directory;

    private Store store;
    private BlobWriter writer;

    @BeforeEach
    void open() {
        store = Stores.open("lmdb:" + directory + "?map_size=16MiB", true);
        writer = store.openWriter();
    }

    @AfterEach
    void close() {
        writer.close();
        store.close();
    }

    @Test
    void putFailsAndSaysWhatToDo() {
        fill(1);
        assertThatThrownBy(() -> Await.stage(writer.put(blobs(2, 0, 1_000))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.FULL))
                .hasMessage("LMDB store " + directory + ": no space left for more blobs; run 'penstock gc', free disk"
                        + " space, or open it everywhere with a larger map_size");
        Headroom headroom = store.headroom();
        assertThat(headroom.fits(4 << 20)).isFalse();
        assertThat(headroom.maxBytes()).isBetween(10L << 20, 16L << 20);
    }

    @Test
    void readsCatalogAndPresenceGoOn() {
        List<Blob> written = fill(1);
        TestEventLoop loop = TestEventLoop.stepping();
        try (BlobReader reader = store.openReader(loop)) {
            for (Blob blob : written) {
                RecordingCallback callback = new RecordingCallback(loop);
                reader.get(blob.address(), Consistency.STRONG, callback);
                reader.flush();
                assertThat(callback.value()).isEqualTo(blob.sealed());
            }
        }
        WriteId before = null;
        for (int i = 0; i < 30; i++) {
            WriteId fresh = new WriteId(1, i);
            byte[] value = ByteBuffer.allocate(100_000).put(fresh.toBytes()).array();
            assertThat(Await.stage(store.catalog("full").compareAndSet(before, value)))
                    .isEqualTo(CasResult.APPLIED);
            before = fresh;
            PresenceRecord record =
                    PresenceRecord.newBuilder().setId("a").setCounter(i).build();
            Await.stage(store.presence("full").put(record, Duration.ofMinutes(1)));
        }
        assertThat(Await.failure(() -> writer.put(blobs(3, 0, 1_000)))).isEqualTo(Code.FULL);
    }

    @Test
    void deletesMakeRoomAgain() {
        for (int generation = 1; generation <= 3; generation++) {
            List<Blob> written = fill(generation);
            long used = store.headroom().usedBytes();
            Await.stage(writer.delete(written.stream().map(Blob::address).toList()));
            assertThat(store.headroom().usedBytes()).isLessThan(used / 4);
            writer.scan("full", address -> {
                throw new AssertionError("left behind: " + address);
            });
        }
    }

    @Test
    void whatDoesNotFitTakesNobodyElseDown() {
        List<Blob> written = fill(1);
        Await.stage(
                writer.delete(List.of(written.get(0).address(), written.get(1).address())));
        CompletionStage<Void> tooMuch = writer.put(blobs(2, 0, 20_000));
        CompletionStage<CasResult> move = store.catalog("full").compareAndSet(null, new byte[16]);
        CompletionStage<Long> delete = writer.delete(List.of(written.get(2).address()));
        assertThat(Await.failure(() -> tooMuch)).isEqualTo(Code.FULL);
        assertThat(Await.stage(move)).isEqualTo(CasResult.APPLIED);
        assertThat(Await.stage(delete)).isEqualTo(1);
    }

    /** Puts blobs until one is refused; returns those that were confirmed. */
    private List<Blob> fill(long generation) {
        List<Blob> written = new ArrayList<>();
        while (true) {
            List<Blob> next = blobs(generation, written.size(), 100);
            try {
                Await.stage(writer.put(next));
            } catch (StoreException e) {
                assertThat(e.code()).isEqualTo(Code.FULL);
                Await.stage(writer.delete(next.stream().map(Blob::address).toList()));
                assertThat(written.size()).isGreaterThan(3_000);
                return written;
            }
            written.addAll(next);
        }
    }

    private static List<Blob> blobs(long generation, int from, int count) {
        List<Blob> blobs = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            byte[] body = new byte[1_000];
            new Random(i).nextBytes(body);
            blobs.add(Blob.of(BlobAddress.bucket(DATASET, generation, i), body));
        }
        return blobs;
    }
}
