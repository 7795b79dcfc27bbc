package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Opening, looking at and closing a store. */
interface LifecycleConformance extends StoreUnderTest {
    @Test
    default void openedStoreIsHealthyAndShowsItsUrlWithoutPasswords() {
        store().checkHealth();
        assertThat(store().url()).startsWith(url().substring(0, url().indexOf(':') + 1));
        assertThat(store().url()).doesNotContainPattern("//[^*/@]+:[^*@]+@");
    }

    @Test
    default void headroomIsUnknownOrMakesSense() {
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(StoreUnderTest.buckets(7, 100, 10_000)));
        }
        Headroom headroom = store().headroom();
        assertThat(headroom.usedBytes())
                .satisfiesAnyOf(
                        used -> assertThat(used).isEqualTo(-1),
                        used -> assertThat(used).isGreaterThanOrEqualTo(1_000_000));
        if (headroom.maxBytes() >= 0) {
            assertThat(headroom.usedBytes()).isLessThanOrEqualTo(headroom.maxBytes());
        }
        assertThat(headroom.fits(1)).isTrue();
    }

    @Test
    default void misspeltOptionIsRefusedByName() {
        String url = url() + (url().contains("?") ? "&" : "?") + "no_such_option=1";
        assertThatThrownBy(() -> Stores.open(url, true).close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.INVALID_URL))
                .hasMessageContaining("no_such_option");
    }

    @Test
    default void closedStoreRefusesEverything() {
        Store closed = open();
        closed.close();
        closed.close();
        try (TestEventLoop loop = TestEventLoop.started()) {
            assertClosed(() -> closed.openReader(loop));
        }
        assertClosed(closed::openWriter);
        assertClosed(closed::checkHealth);
        assertClosed(closed::headroom);
        assertThat(Await.failure(() -> closed.catalog(NAMESPACE).read())).isEqualTo(StoreException.Code.CLOSED);
        assertThat(Await.failure(() -> closed.catalog(NAMESPACE).compareAndSet(null, new byte[WriteId.BYTES])))
                .isEqualTo(StoreException.Code.CLOSED);
        assertThat(Await.failure(() -> closed.presence(NAMESPACE).list())).isEqualTo(StoreException.Code.CLOSED);
        assertThat(Await.failure(() -> closed.presence(NAMESPACE)
                        .put(PresenceRecord.newBuilder().setId("a").build(), Duration.ofSeconds(1))))
                .isEqualTo(StoreException.Code.CLOSED);
        store().checkHealth();
    }

    @Test
    default void closingUnderLoadAnswersEverybody() {
        AtomicLong confirmed = new AtomicLong();
        Store store = open();
        List<CompletableFuture<StoreException.Code>> workers = IntStream.rangeClosed(1, 4)
                .mapToObj(generation ->
                        CompletableFuture.supplyAsync(() -> writeUntilClosed(store, generation, confirmed)))
                .toList();
        Await.until("everybody writes", () -> confirmed.get() > 100);
        store.close();
        assertThat(workers).allSatisfy(worker -> assertThat(Await.stage(worker)).isEqualTo(StoreException.Code.CLOSED));
    }

    private static StoreException.Code writeUntilClosed(Store store, long generation, AtomicLong confirmed) {
        List<Blob> blobs = StoreUnderTest.buckets(generation, 10, 1_000);
        try (BlobWriter writer = store.openWriter()) {
            while (true) {
                Await.stage(writer.put(blobs));
                confirmed.addAndGet(blobs.size());
                Await.stage(writer.delete(StoreUnderTest.addresses(blobs)));
            }
        } catch (StoreException e) {
            return e.code();
        }
    }

    @Test
    default void readerOfAClosedStoreFailsReads() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 1, 10);
        try (TestEventLoop loop = TestEventLoop.started()) {
            Store store = open();
            BlobReader reader = store.openReader(loop);
            store.close();
            RecordingCallback callback = new RecordingCallback(loop);
            loop.run(() -> {
                reader.get(blobs.get(0).address(), Consistency.STRONG, callback);
                reader.flush();
            });
            loop.runUntil("answered", callback::isAnswered);
            assertThat(callback.failure()).isEqualTo(StoreException.Code.CLOSED);
            loop.run(reader::close);
        }
    }

    @Test
    default void dataOutlivesTheHandles() {
        assumeTrue(isPersistent(), "this store forgets");
        List<Blob> blobs = StoreUnderTest.buckets(7, 100, 1_000);
        byte[] catalog = new byte[100];
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
            Await.stage(writer.barrier());
        }
        assertThat(Await.stage(store().catalog(NAMESPACE).compareAndSet(null, catalog)))
                .isEqualTo(CasResult.APPLIED);
        store().close();
        try (Store again = open();
                BlobWriter writer = again.openWriter()) {
            assertThat(Await.stage(writer.get(StoreUnderTest.addresses(blobs))))
                    .containsExactlyElementsOf(blobs.stream().map(Blob::sealed).toList());
            assertThat(Await.stage(again.catalog(NAMESPACE).read()).orElseThrow())
                    .isEqualTo(catalog);
        }
    }

    private static void assertClosed(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.CLOSED));
    }
}
