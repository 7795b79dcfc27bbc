package io.penstock.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.RecordingCallback;
import io.penstock.store.testkit.TestEventLoop;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryStoreBehaviourTest {
    private final BlobAddress address = BlobAddress.bucket(new DatasetId("memory", "customer-360.v1"), 7, 1);
    private final Blob blob = Blob.of(address, new byte[] {1, 2, 3});

    @Test
    void sameNameIsTheSameDataAndOtherNamesAreNot() {
        String url = "memory:" + UUID.randomUUID();
        try (Store one = Stores.open(url, true);
                Store two = Stores.open(url, false);
                Store other = Stores.open(url + "-other", true)) {
            one.catalog("memory").compareAndSet(null, new byte[16]);
            assertThat(Await.stage(two.catalog("memory").read())).isPresent();
            assertThat(Await.stage(other.catalog("memory").read())).isEmpty();
            assertThat(two.url()).isEqualTo(url);
        }
    }

    @Test
    void rewriteOfABlobIsNamed() {
        try (MemoryStore store = new MemoryStore();
                BlobWriter writer = store.openWriter()) {
            Await.stage(writer.put(List.of(blob)));
            assertThatThrownBy(() -> Await.stage(writer.put(List.of(Blob.of(address, new byte[] {9})))))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("blob penstock:memory:bucket:customer-360.v1:0000000000000007:1 is already there with"
                            + " other bytes; an address is never written twice");
        }
    }

    @Test
    void whatCallersDoToTheirArraysStaysWithThem() {
        try (MemoryStore store = new MemoryStore();
                BlobWriter writer = store.openWriter()) {
            byte[] expected = blob.sealed().clone();
            Await.stage(writer.put(List.of(blob)));
            blob.sealed()[0] ^= 1;
            List<byte[]> found = Await.stage(writer.get(List.of(address)));
            found.get(0)[1] ^= 1;
            assertThat(Await.stage(writer.get(List.of(address)))).containsExactly(expected);
        }
    }

    @Test
    void readerAnswersInOrderAtTheFlushAndNotBefore() {
        TestEventLoop loop = TestEventLoop.stepping();
        try (MemoryStore store = new MemoryStore();
                BlobReader reader = store.openReader(loop)) {
            RecordingCallback callback = new RecordingCallback(loop);
            reader.get(address, Consistency.NEAREST, callback);
            assertThat(callback.isAnswered()).isFalse();
            reader.flush();
            assertThat(callback.isMissing()).isTrue();
        }
    }

    @Test
    void readerRefusesOtherThreads() {
        TestEventLoop loop = TestEventLoop.stepping();
        try (MemoryStore store = new MemoryStore();
                BlobReader reader = store.openReader(loop)) {
            assertThatThrownBy(() -> CompletableFuture.runAsync(reader::flush).join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void readerRefusesMoreReadsThanItsLimit() {
        TestEventLoop loop = TestEventLoop.stepping();
        try (MemoryStore store = new MemoryStore();
                BlobReader reader = store.openReader(loop)) {
            RecordingCallback last = new RecordingCallback(loop);
            for (int i = 0; i < MemoryBlobReader.PENDING_MAX; i++) {
                reader.get(address, Consistency.NEAREST, new RecordingCallback(loop));
            }
            reader.get(address, Consistency.NEAREST, last);
            assertThat(last.failure()).isEqualTo(StoreException.Code.OVERLOADED);
        }
    }

    @Test
    void bufferIsWorthlessAfterTheCallback() {
        TestEventLoop loop = TestEventLoop.stepping();
        AtomicReference<ByteBuffer> kept = new AtomicReference<>();
        try (MemoryStore store = new MemoryStore();
                BlobWriter writer = store.openWriter();
                BlobReader reader = store.openReader(loop)) {
            Await.stage(writer.put(List.of(blob)));
            reader.get(address, Consistency.NEAREST, new BlobCallback() {
                @Override
                public void found(ByteBuffer sealed) {
                    assertThat(sealed.isReadOnly()).isTrue();
                    assertThat(sealed.get(0)).isEqualTo((byte) 1);
                    kept.set(sealed);
                }

                @Override
                public void missing() {
                    throw new AssertionError("missing");
                }

                @Override
                public void failed(StoreException error) {
                    throw error;
                }
            });
            reader.flush();
            assertThat(Objects.requireNonNull(kept.get()).get(0)).isZero();
        }
    }
}
