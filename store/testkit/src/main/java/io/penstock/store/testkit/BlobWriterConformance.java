package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.store.DatasetId;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.WriteId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How blobs are written, deleted, read back and listed. */
interface BlobWriterConformance extends StoreUnderTest {
    @Test
    default void getReturnsWhatWasPutInTheOrderAskedAndNullForWhatIsNotThere() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 3, 100);
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
            List<byte[]> found = Await.stage(writer.get(List.of(
                    blobs.get(2).address(),
                    BlobAddress.bucket(DATASET, 7, 3),
                    blobs.get(0).address(),
                    blobs.get(2).address())));
            assertThat(found)
                    .containsExactly(
                            blobs.get(2).sealed(),
                            null,
                            blobs.get(0).sealed(),
                            blobs.get(2).sealed());
        }
    }

    @Test
    default void everyKindAndTheLongestNamesHaveAPlaceOfTheirOwn() {
        DatasetId longest = new DatasetId("n".repeat(63), "d".repeat(128));
        List<Blob> blobs = new ArrayList<>();
        for (BlobKind kind : BlobKind.values()) {
            blobs.add(StoreUnderTest.blob(new BlobAddress(kind, longest, -1, (1L << 30) - 1), 50));
            blobs.add(StoreUnderTest.blob(new BlobAddress(kind, longest, 1, 0), 50));
            blobs.add(StoreUnderTest.blob(new BlobAddress(kind, longest, Long.MIN_VALUE, 1), 50));
        }
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
            assertThat(Await.stage(writer.get(StoreUnderTest.addresses(blobs))))
                    .containsExactlyElementsOf(blobs.stream().map(Blob::sealed).toList());
            assertThat(scan(writer, longest.namespace()))
                    .containsExactlyInAnyOrderElementsOf(StoreUnderTest.addresses(blobs));
        }
    }

    @Test
    default void manyThousandBlobsGoInOnePut() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 20_000, 100);
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
            List<byte[]> found = Await.stage(writer.get(StoreUnderTest.addresses(blobs)));
            for (int i = 0; i < blobs.size(); i++) {
                assertThat(found.get(i)).isEqualTo(blobs.get(i).sealed());
            }
            Await.stage(writer.delete(StoreUnderTest.addresses(blobs)));
            assertThat(scan(writer, NAMESPACE)).isEmpty();
        }
    }

    @Test
    default void nothingIsAFineAmount() {
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(List.of()));
            assertThat(Await.stage(writer.get(List.of()))).isEmpty();
            assertThat(Await.stage(writer.delete(List.of()))).isIn(0L, -1L);
            Await.stage(writer.barrier());
        }
    }

    @Test
    default void puttingTheSameBytesAgainChangesNothing() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 2, 100);
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
            Await.stage(writer.put(blobs));
            assertThat(Await.stage(writer.get(StoreUnderTest.addresses(blobs))))
                    .containsExactly(blobs.get(0).sealed(), blobs.get(1).sealed());
        }
    }

    @Test
    default void otherBytesAtAnAddressInUseAreRefused() {
        assumeTrue(refusesRewrites(), "this store does not look");
        Blob blob = StoreUnderTest.blob(BlobAddress.bucket(DATASET, 7, 1), 100);
        Blob other = StoreUnderTest.blob(BlobAddress.bucket(DATASET, 7, 1), 101);
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(List.of(blob)));
            assertThat(Await.failure(() -> writer.put(List.of(other)))).isEqualTo(StoreException.Code.INTERNAL);
            assertThat(Await.stage(writer.get(List.of(blob.address())))).containsExactly(blob.sealed());
        }
    }

    @Test
    default void deleteCountsWhatWasThere() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 3, 100);
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
            Long deleted = Await.stage(writer.delete(
                    List.of(blobs.get(0).address(), blobs.get(1).address(), BlobAddress.bucket(DATASET, 7, 99))));
            assertThat(deleted).isIn(2L, -1L);
            assertThat(scan(writer, NAMESPACE)).containsExactly(blobs.get(2).address());
        }
    }

    @Test
    default void whatOneHandleWroteAnotherFinds() throws Exception {
        List<Blob> blobs = StoreUnderTest.buckets(7, 3, 100);
        try (var other = open();
                BlobWriter writer = store().openWriter();
                BlobWriter otherWriter = other.openWriter()) {
            Await.stage(writer.put(blobs));
            assertThat(Await.stage(otherWriter.get(StoreUnderTest.addresses(blobs))))
                    .doesNotContainNull();
        }
    }

    @Test
    default void concurrentWritersLoseNothing() {
        List<List<Blob>> perThread = IntStream.rangeClosed(1, 6)
                .mapToObj(generation -> StoreUnderTest.buckets(generation, 400, 200))
                .toList();
        try (BlobWriter shared = store().openWriter()) {
            perThread.parallelStream().forEach(blobs -> {
                try (BlobWriter own = store().openWriter()) {
                    List<CompletionStage<Void>> stages = new ArrayList<>();
                    for (int i = 0; i < blobs.size(); i += 8) {
                        BlobWriter writer = i % 16 == 0 ? shared : own;
                        stages.add(writer.put(blobs.subList(i, i + 8)));
                    }
                    stages.forEach(Await::stage);
                }
            });
            for (List<Blob> blobs : perThread) {
                assertThat(Await.stage(shared.get(StoreUnderTest.addresses(blobs))))
                        .containsExactlyElementsOf(
                                blobs.stream().map(Blob::sealed).toList());
            }
        }
    }

    @Test
    default void scanListsTheNamespaceAndNothingElse() {
        List<Blob> expected = new ArrayList<>();
        List<Blob> others = new ArrayList<>();
        for (String namespace : List.of("a", "a.b", "ab", "a-b", "b")) {
            List<Blob> into = namespace.equals("a") ? expected : others;
            for (String name : List.of("x.v1", "y.v2")) {
                DatasetId dataset = new DatasetId(namespace, name);
                into.add(StoreUnderTest.blob(BlobAddress.manifest(dataset, 5), 10));
                into.add(StoreUnderTest.blob(BlobAddress.bucket(dataset, 5, 12), 10));
            }
        }
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(expected));
            Await.stage(writer.put(others));
            Await.stage(store().catalog("a").compareAndSet(null, new byte[WriteId.BYTES]));
            assertThat(scan(writer, "a")).containsExactlyInAnyOrderElementsOf(StoreUnderTest.addresses(expected));
            assertThat(scan(writer, "nobody")).isEmpty();
        }
    }

    @Test
    default void whoScansMayDelete() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 500, 100);
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
            writer.scan(NAMESPACE, address -> Await.stage(writer.delete(List.of(address))));
            assertThat(scan(writer, NAMESPACE)).isEmpty();
        }
    }

    @Test
    default void barrierFollowsWhatWasConfirmed() {
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(StoreUnderTest.buckets(7, 10, 100)));
            Await.stage(writer.barrier());
        }
    }

    @Test
    default void closingWaitsForWhatWasAsked() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 2_000, 1_000);
        List<CompletionStage<Void>> stages = new ArrayList<>();
        try (BlobWriter writer = store().openWriter()) {
            for (int i = 0; i < blobs.size(); i += 10) {
                stages.add(writer.put(blobs.subList(i, i + 10)));
            }
        }
        assertThat(stages).allMatch(stage -> stage.toCompletableFuture().isDone());
        stages.forEach(Await::stage);
    }

    @Test
    default void closedWriterRefuses() {
        BlobWriter writer = store().openWriter();
        writer.close();
        writer.close();
        List<Blob> blobs = StoreUnderTest.buckets(7, 1, 100);
        assertThat(Await.failure(() -> writer.put(blobs))).isEqualTo(StoreException.Code.CLOSED);
        assertThat(Await.failure(() -> writer.get(StoreUnderTest.addresses(blobs))))
                .isEqualTo(StoreException.Code.CLOSED);
        assertThat(Await.failure(() -> writer.delete(StoreUnderTest.addresses(blobs))))
                .isEqualTo(StoreException.Code.CLOSED);
        assertThat(Await.failure(writer::barrier)).isEqualTo(StoreException.Code.CLOSED);
    }

    private static Set<BlobAddress> scan(BlobWriter writer, String namespace) {
        Set<BlobAddress> found = Collections.synchronizedSet(new HashSet<>());
        writer.scan(namespace, found::add);
        return found;
    }
}
