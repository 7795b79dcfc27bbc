package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.memory.MemoryStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lives beside the memory store because the kit cannot depend on a store. */
class FaultyStoreBehaviourTest {
    private static final DatasetId DATASET = new DatasetId("faulty", "customer-360.v1");
    private static final WriteId ONE = new WriteId(1, 1);
    private static final WriteId TWO = new WriteId(2, 2);

    private final Blob blob = Blob.of(BlobAddress.bucket(DATASET, 7, 1), new byte[] {1, 2, 3});
    private final FaultyStore store = FaultyStore.wrap(new MemoryStore());
    private final Faults faults = store.faults();
    private final BlobWriter writer = store.openWriter();
    private final CatalogRegister register = store.catalog("faulty");
    private final TestEventLoop loop = TestEventLoop.stepping();
    private final BlobReader reader = store.openReader(loop);

    @Test
    void compareAndSetWhoseReplyIsLostIsApplied() {
        faults.once(Operation.CATALOG_CAS, Fault.REPLY_LOST);
        assertThat(Await.stage(register.compareAndSet(null, ONE.toBytes()))).isEqualTo(CasResult.UNKNOWN);
        assertThat(Await.stage(register.readWriteId())).contains(ONE);
    }

    @Test
    void compareAndSetWhoseRequestIsLostIsNever() {
        faults.once(Operation.CATALOG_CAS, Fault.REQUEST_LOST);
        assertThat(Await.stage(register.compareAndSet(null, ONE.toBytes()))).isEqualTo(CasResult.UNKNOWN);
        faults.release();
        assertThat(Await.stage(register.readWriteId())).isEmpty();
    }

    @Test
    void delayedCompareAndSetTakesEffectLater() {
        faults.once(Operation.CATALOG_CAS, Fault.DELAYED);
        faults.once(Operation.CATALOG_CAS, Fault.DELAYED);
        assertThat(Await.stage(register.compareAndSet(null, ONE.toBytes()))).isEqualTo(CasResult.UNKNOWN);
        assertThat(Await.stage(register.compareAndSet(null, TWO.toBytes()))).isEqualTo(CasResult.UNKNOWN);
        assertThat(Await.stage(register.readWriteId())).isEmpty();
        faults.release();
        assertThat(Await.stage(register.readWriteId())).contains(ONE);
    }

    @Test
    void unreachableStoreFailsEverythingUntilItIsBack() {
        faults.unreachable();
        assertThat(Await.failure(() -> writer.put(List.of(blob)))).isEqualTo(StoreException.Code.UNREACHABLE);
        assertThat(Await.failure(register::read)).isEqualTo(StoreException.Code.UNREACHABLE);
        assertThat(Await.failure(() -> store.presence("faulty").list())).isEqualTo(StoreException.Code.UNREACHABLE);
        assertThatThrownBy(store::checkHealth).hasMessage("HEALTH hit by the injected fault UNREACHABLE");
        assertThat(read(Consistency.STRONG).failure()).isEqualTo(StoreException.Code.UNREACHABLE);
        faults.stop();
        store.checkHealth();
        Await.stage(writer.put(List.of(blob)));
        assertThat(read(Consistency.STRONG).value()).isEqualTo(blob.sealed());
    }

    @Test
    void frozenStoreAnswersWhenItIsReleased() {
        faults.freeze();
        CompletionStage<Void> put = writer.put(List.of(blob));
        RecordingCallback callback = ask(Consistency.STRONG);
        assertThat(callback.isAnswered()).isFalse();
        assertThat(put.toCompletableFuture()).isNotDone();
        assertThat(faults.held()).isEqualTo(2);
        faults.stop();
        Await.stage(put);
        loop.runTurn();
        assertThat(callback.value()).isEqualTo(blob.sealed());
    }

    @Test
    void slowReadIsAnsweredWithWhatStoodThereWhenItWasAsked() {
        Await.stage(writer.put(List.of(blob)));
        faults.once(Operation.BLOB_READ, Fault.SLOW);
        RecordingCallback callback = ask(Consistency.STRONG);
        assertThat(callback.isAnswered()).isFalse();
        Await.stage(writer.delete(List.of(blob.address())));
        faults.release();
        loop.runTurn();
        assertThat(callback.value()).isEqualTo(blob.sealed());
    }

    @Test
    void closedReaderFailsHeldReadsOnce() {
        faults.always(Fault.FROZEN, Operation.BLOB_READ);
        RecordingCallback frozen = ask(Consistency.STRONG);
        faults.always(Fault.SLOW, Operation.BLOB_READ);
        RecordingCallback slow = ask(Consistency.STRONG);
        reader.close();
        faults.stop();
        loop.runTurn();
        assertThat(frozen.failure()).isEqualTo(StoreException.Code.CLOSED);
        assertThat(slow.failure()).isEqualTo(StoreException.Code.CLOSED);
    }

    @Test
    void lostBlobIsMissingForEverybodyAndHeals() {
        Await.stage(writer.put(List.of(blob)));
        faults.lose(blob.address());
        assertThat(read(Consistency.STRONG).isMissing()).isTrue();
        assertThat(Await.stage(writer.get(List.of(blob.address())))).containsOnlyNulls();
        writer.scan("faulty", address -> {
            throw new AssertionError("listed a lost blob");
        });
        faults.heal(blob.address());
        assertThat(read(Consistency.NEAREST).value()).isEqualTo(blob.sealed());
    }

    @Test
    void laggingBlobIsMissingForWeakReadsOnly() {
        Await.stage(writer.put(List.of(blob)));
        faults.lag(blob.address());
        assertThat(read(Consistency.NEAREST).isMissing()).isTrue();
        assertThat(read(Consistency.STRONG).value()).isEqualTo(blob.sealed());
    }

    @Test
    void corruptBlobHasTheSameWrongBitEachTime() {
        Await.stage(writer.put(List.of(blob)));
        faults.corrupt(blob.address());
        byte[] seen = Objects.requireNonNull(read(Consistency.STRONG).value());
        assertThat(Seal.verify(ByteBuffer.wrap(seen), blob.address().keyNameBytes()))
                .isFalse();
        assertThat(Await.stage(writer.get(List.of(blob.address())))).containsExactly(seen);
    }

    @Test
    void presenceCanBeRefusedOrLost() {
        PresenceRecord record = PresenceRecord.newBuilder().setId("a").build();
        var presence = store.presence("faulty");
        faults.once(Operation.PRESENCE_PUT, Fault.FULL);
        faults.once(Operation.PRESENCE_PUT, Fault.REQUEST_LOST);
        faults.once(Operation.PRESENCE_PUT, Fault.REPLY_LOST);
        assertThat(Await.failure(() -> presence.put(record, Duration.ofMinutes(1))))
                .isEqualTo(StoreException.Code.FULL);
        assertThat(Await.failure(() -> presence.put(record, Duration.ofMinutes(1))))
                .isEqualTo(StoreException.Code.UNREACHABLE);
        assertThat(Await.stage(presence.list())).isEmpty();
        assertThat(Await.failure(() -> presence.put(record, Duration.ofMinutes(1))))
                .isEqualTo(StoreException.Code.UNREACHABLE);
        assertThat(Await.stage(presence.list())).containsExactly(record);
    }

    @Test
    void operationWaitsAtTheGate() {
        Faults.Gate gate = faults.block(Operation.BLOB_PUT);
        CompletableFuture<Boolean> put = CompletableFuture.supplyAsync(() -> {
            Await.stage(writer.put(List.of(blob)));
            return true;
        });
        gate.awaitArrival();
        assertThat(Await.stage(writer.get(List.of(blob.address())))).containsOnlyNulls();
        gate.open();
        Await.stage(put);
        assertThat(Await.stage(writer.get(List.of(blob.address())))).containsExactly(blob.sealed());
        assertThat(faults.count(Operation.BLOB_GET)).isEqualTo(2);
    }

    @Test
    void chanceFollowsFromTheSeed() {
        assertThat(outcomes(1)).isEqualTo(outcomes(1)).isNotEqualTo(outcomes(2));
    }

    private static List<Boolean> outcomes(long seed) {
        Faults faults = new Faults(seed);
        faults.sometimes(Operation.CATALOG_READ, 0.5, Fault.UNREACHABLE);
        CatalogRegister register = FaultyStore.wrap(new MemoryStore(), faults).catalog("faulty");
        return IntStream.range(0, 50)
                .mapToObj(i -> register.read().toCompletableFuture().isCompletedExceptionally())
                .toList();
    }

    private RecordingCallback read(Consistency consistency) {
        RecordingCallback callback = ask(consistency);
        assertThat(callback.isAnswered()).isTrue();
        return callback;
    }

    private RecordingCallback ask(Consistency consistency) {
        RecordingCallback callback = new RecordingCallback(loop);
        reader.get(blob.address(), consistency, callback);
        reader.flush();
        return callback;
    }
}
