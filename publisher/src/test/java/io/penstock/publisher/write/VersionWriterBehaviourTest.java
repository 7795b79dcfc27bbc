package io.penstock.publisher.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.PublicationObserver;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DigestChunk;
import io.penstock.store.DatasetId;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.layout.BucketLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VersionWriterBehaviourTest {
    private static final DatasetId DATASET = new DatasetId("tests", "rows.v1");
    private static final BucketLayout LAYOUT = new BucketLayout(16, 1);

    private final SlowBlobs blobs = new SlowBlobs();
    private final List<String> calls = new ArrayList<>();
    private final VersionWriter writer = new VersionWriter(
            blobs,
            DATASET,
            7,
            LAYOUT,
            new VersionWriter.Guard() {
                @Override
                public void checkAlive() {}

                @Override
                public void recordLayout() {
                    calls.add("layout");
                }
            },
            Throttle.of(Throttle.UNLIMITED),
            PublicationObserver.NONE);

    /** A store that confirms a put when it is told to; what stands in it is checked against the order of the protocol. */
    private static final class SlowBlobs implements BlobWriter {
        private final Deque<Put> puts = new ArrayDeque<>();
        private final Set<BlobAddress> confirmed = new HashSet<>();
        private final List<BlobKind> sent = new ArrayList<>();
        private int bucketsSent;
        private int putsMax = Integer.MAX_VALUE;

        private record Put(List<Blob> blobs, CompletableFuture<Void> result) {}

        @Override
        public CompletionStage<Void> put(List<Blob> blobs) {
            for (Blob blob : blobs) {
                requireOrder(blob.address());
                sent.add(blob.address().kind());
                bucketsSent += blob.address().kind() == BlobKind.BUCKET ? 1 : 0;
            }
            Put put = new Put(List.copyOf(blobs), new CompletableFuture<>());
            puts.add(put);
            while (puts.size() > putsMax) {
                confirmNext();
            }
            return put.result();
        }

        private void requireOrder(BlobAddress address) {
            int chunk = (int) address.number();
            switch (address.kind()) {
                case BUCKET ->
                    assertThat(confirmed)
                            .contains(BlobAddress.intent(DATASET, 7, BucketLayout.chunkOf((int) address.number())));
                case DIGEST -> assertThat(confirmed).contains(BlobAddress.intent(DATASET, 7, chunk));
                case CHUNK -> {
                    for (Put put : puts) {
                        for (Blob blob : put.blobs()) {
                            boolean bucketOfIt = blob.address().kind() == BlobKind.BUCKET
                                    && BucketLayout.chunkOf((int) blob.address().number()) == chunk;
                            assertThat(bucketOfIt).isFalse();
                        }
                    }
                    assertThat(confirmed).contains(BlobAddress.digest(DATASET, 7, chunk));
                }
                case INTENT, MANIFEST -> {}
            }
        }

        void confirmNext() {
            Put put = puts.remove();
            put.blobs().forEach(blob -> confirmed.add(blob.address()));
            put.result().complete(null);
        }

        void confirmAll() {
            while (!puts.isEmpty()) {
                confirmNext();
            }
        }

        @Override
        public CompletionStage<Long> delete(List<BlobAddress> addresses) {
            throw new AssertionError("nothing is deleted");
        }

        @Override
        public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
            throw new AssertionError("nothing is read");
        }

        @Override
        public CompletionStage<Void> barrier() {
            throw new AssertionError("no barrier");
        }

        @Override
        public void scan(String namespace, Consumer<BlobAddress> each) {
            throw new AssertionError("nothing is scanned");
        }

        @Override
        public void close() {}
    }

    private void writeChunk(int chunk, int buckets, int bytes) {
        for (int i = 0; i < buckets; i++) {
            writer.bucket((chunk << BucketLayout.CHUNK_BITS) + i, new byte[bytes]);
        }
        writer.chunk(chunk, Chunk.getDefaultInstance(), DigestChunk.getDefaultInstance());
    }

    private static List<Integer> chunks(List<WrittenChunk> written) {
        return written.stream().map(WrittenChunk::chunk).toList();
    }

    @Test
    void holdsBucketsUntilTheIntentIsConfirmed() {
        writeChunk(0, 1_000, 100);

        assertThat(calls).containsExactly("layout");
        assertThat(blobs.sent).containsExactly(BlobKind.INTENT);

        blobs.confirmAll();
        writeChunk(1, 1, 100);
        assertThat(blobs.bucketsSent).isEqualTo(1_000);
        assertThat(blobs.sent).doesNotContain(BlobKind.CHUNK).contains(BlobKind.DIGEST);
    }

    @Test
    void goesOnWithTheNextChunkWhileTheLastOneIsBeingConfirmed() {
        writeChunk(0, 300, 100);
        blobs.confirmAll();
        writeChunk(1, 300, 100); // chunk 0: buckets sent; chunk 1: intent sent
        writeChunk(2, 300, 100);

        assertThat(blobs.sent.stream().filter(kind -> kind == BlobKind.INTENT)).hasSize(3);
        assertThat(blobs.sent).doesNotContain(BlobKind.CHUNK);

        blobs.confirmAll();
        writeChunk(3, 300, 100); // sends chunk 0's chunk blob and the buckets of 1 and 2
        assertThat(blobs.sent.stream().filter(kind -> kind == BlobKind.CHUNK)).hasSize(1);
        assertThat(blobs.bucketsSent).isEqualTo(900);

        blobs.putsMax = 0;
        blobs.confirmAll();
        writer.finish();
        assertThat(blobs.bucketsSent).isEqualTo(1_200);
        assertThat(blobs.sent.stream().filter(kind -> kind == BlobKind.CHUNK)).hasSize(4);
        assertThat(chunks(writer.written())).containsExactly(0, 1, 2, 3);
        assertThat(calls).containsExactly("layout");
    }

    @Test
    void keepsTheOrderHoweverTheStoreConfirms() {
        for (int putsMax = 0; putsMax < 7; putsMax++) {
            SlowBlobs slow = new SlowBlobs();
            slow.putsMax = putsMax;
            VersionWriter each = new VersionWriter(slow, DATASET, 7, LAYOUT, new Alive(), Throttle.of(Throttle.UNLIMITED), PublicationObserver.NONE);
            for (int chunk = 0; chunk < LAYOUT.chunks(); chunk++) {
                for (int i = 0; i < 700; i++) {
                    each.bucket((chunk << BucketLayout.CHUNK_BITS) + i, new byte[10 * i]);
                }
                each.chunk(chunk, Chunk.getDefaultInstance(), DigestChunk.getDefaultInstance());
                slow.putsMax = putsMax;
                if (chunk % 2 == 1) {
                    slow.confirmAll();
                }
                if (chunk % 3 == 2) {
                    slow.putsMax = 0; // whoever waits for something must get it
                    slow.confirmAll();
                }
            }
            slow.putsMax = 0;
            slow.confirmAll();
            each.finish();
            assertThat(slow.bucketsSent).isEqualTo(700 * LAYOUT.chunks());
            assertThat(slow.sent.stream().filter(kind -> kind == BlobKind.CHUNK))
                    .hasSize(LAYOUT.chunks());
        }
    }

    private static final class Alive implements VersionWriter.Guard {
        @Override
        public void checkAlive() {}

        @Override
        public void recordLayout() {}
    }

    @Test
    void noticesAFailureAtTheNextBatch() {
        writeChunk(0, 300, 100);
        blobs.puts
                .remove()
                .result()
                .completeExceptionally(new StoreException(StoreException.Code.FULL, "the store is full"));

        assertThatThrownBy(() -> writeChunk(1, 300, 100))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store is full");
    }

    @Test
    void refusesAChunkBeforeTheLastOneIsEnded() {
        writer.bucket(0, new byte[10]);
        assertThatThrownBy(() -> writer.bucket(BucketLayout.CHUNK_BUCKETS, new byte[10]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("chunk 0 was not finished before chunk 1");
        assertThatThrownBy(writer::finish).hasMessage("chunk 0 was not finished");
    }
}
