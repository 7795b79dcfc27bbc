package io.penstock.store.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.testkit.Await;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes on one store, some of which are killed. */
class LmdbProcessesIT {
    private static final String NAMESPACE = ChildMain.DATASET.namespace();

    @TempDir
    private Path directory;

    @Test
    void registerIsLinearAcrossProcesses() throws Exception {
        int increments = 60;
        AtomicInteger moves = new AtomicInteger();
        try (Store store = Stores.open(url(), true);
                var watch = store.catalog(NAMESPACE).watch(moves::incrementAndGet);
                ChildProcess one = ChildProcess.start(ChildMain.class, url(), "increment", "" + increments, "1");
                ChildProcess two = ChildProcess.start(ChildMain.class, url(), "increment", "" + increments, "2")) {
            ChildMain.increment(store, increments, 3);
            assertThat(one.awaitExit()).isZero();
            assertThat(two.awaitExit()).isZero();
            byte[] value = Await.stage(store.catalog(NAMESPACE).read()).orElseThrow();
            assertThat(ByteBuffer.wrap(value).getInt(WriteId.BYTES)).isEqualTo(3 * increments);
            assertThat(moves).hasPositiveValue();
            assertThat(watch).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void killedWriterLeavesEveryConfirmedBlobAndNoDamagedOne(long seed) throws Exception {
        long confirmed;
        try (ChildProcess child = ChildProcess.start(ChildMain.class, url(), "publish");
                Store store = Stores.open(url(), true)) {
            int lines = 1 + new Random(seed).nextInt(20);
            confirmed = 0;
            for (int i = 0; i < lines; i++) {
                confirmed = Long.parseLong(child.readLine());
            }
            child.kill(); // in the middle of the next put, most likely
            assertWhole(store, confirmed);
            assertThat(Await.stage(store.presence(NAMESPACE).list())).hasSize(1);
            ChildMain.increment(store, 1, seed); // the dead writer's lock is taken over
        }
        try (Store again = Stores.open(url(), false)) {
            assertWhole(again, confirmed);
            again.checkHealth();
        }
    }

    private static void assertWhole(Store store, long confirmed) {
        try (BlobWriter writer = store.openWriter()) {
            Map<Long, Integer> found = new HashMap<>();
            writer.scan(NAMESPACE, address -> found.merge(address.generation(), 1, Integer::sum));
            for (long generation = 1; generation <= confirmed; generation++) {
                assertThat(found.get(generation)).isEqualTo(ChildMain.BLOBS);
            }
            for (long generation : found.keySet()) {
                List<Blob> blobs = ChildMain.blobs(generation);
                List<byte[]> values =
                        Await.stage(writer.get(blobs.stream().map(Blob::address).toList()));
                for (int i = 0; i < values.size(); i++) {
                    byte[] value = values.get(i);
                    if (generation <= confirmed) {
                        assertThat(value).isEqualTo(blobs.get(i).sealed());
                    } else if (value != null) {
                        BlobAddress address = blobs.get(i).address();
                        assertThat(Seal.verify(ByteBuffer.wrap(value), address.keyNameBytes()))
                                .isTrue();
                    }
                }
            }
        }
    }

    /** Without it the slot would keep every page that was replaced since, and the map would fill up. */
    @Test
    void readerThatWasKilledPinsPagesOnlyUntilItsSlotIsCleared() throws Exception {
        String small = url() + "?map_size=16MiB";
        try (Store store = Stores.open(small, true);
                BlobWriter writer = store.openWriter()) {
            try (ChildProcess child = ChildProcess.start(ChildMain.class, small, "hold-snapshot")) {
                child.awaitLine("held");
                assertThat(Await.failure(() -> churn(writer))).isEqualTo(StoreException.Code.FULL);
                child.kill();
            }
            assertThat(((LmdbStore) store).environment().clearStaleReaders()).isEqualTo(1);
            Await.stage(churn(writer));
        }
    }

    @Test
    void writerThatIsStuckMakesOthersOutcomesUnknownButStopsNoReader() throws Exception {
        try (Store store = Stores.open(url(), true)) {
            CompletionStage<CasResult> move;
            try (ChildProcess child = ChildProcess.start(ChildMain.class, url(), "hold-write")) {
                child.awaitLine("held by transaction");
                CatalogRegister register = store.catalog(NAMESPACE);
                move = register.compareAndSet(null, new WriteId(1, 1).toBytes());
                PresenceRecord record = PresenceRecord.newBuilder().setId("a").build();
                CompletionStage<Void> put = store.presence(NAMESPACE).put(record, Duration.ofMinutes(1));
                assertThat(Await.stage(register.read())).isEmpty();
                assertThat(Await.stage(move)).isEqualTo(CasResult.UNKNOWN);
                assertThat(Await.failure(() -> put)).isEqualTo(StoreException.Code.UNREACHABLE);
                child.kill();
            }
            Await.until(
                    "the late write happens",
                    () -> Await.stage(store.catalog(NAMESPACE).readWriteId()).isPresent());
        }
    }

    /** Writes and deletes four times what the store holds. */
    private static CompletionStage<Void> churn(BlobWriter writer) {
        for (long generation = 1; generation <= 120; generation++) {
            List<Blob> blobs = ChildMain.blobs(generation);
            Await.stage(writer.put(blobs));
            Await.stage(writer.delete(blobs.stream().map(Blob::address).toList()));
        }
        return writer.barrier();
    }

    private String url() {
        return "lmdb:" + directory.resolve("store");
    }
}
