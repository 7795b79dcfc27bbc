package io.penstock.publisher.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.stored.Stages;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.memory.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThrottleBehaviourTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private long nowNanos = 5;
    private final ByteBudget budget = new ByteBudget(1_000_000, () -> nowNanos, nanos -> nowNanos += nanos);

    private long secondsFor(Runnable work) {
        long before = nowNanos;
        work.run();
        budget.await();
        return Math.round((nowNanos - before) / (double) SECOND);
    }

    @Test
    void keepsToTheRateWhateverTheSizes() {
        assertThat(secondsFor(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        budget.spend(100);
                    }
                }))
                .isEqualTo(10);
        assertThat(secondsFor(() -> budget.spend(3_000_000))).isEqualTo(3);
    }

    @Test
    void letsTheFirstThroughAtOnceAndTheNextPay() {
        budget.spend(2_000_000);
        assertThat(nowNanos).isEqualTo(5);

        budget.spend(1);
        assertThat(nowNanos).isEqualTo(5 + 2 * SECOND);
    }

    @Test
    void savesNothingUpWhileItIsNotUsed() {
        nowNanos += 3_600 * SECOND;

        assertThat(secondsFor(() -> {
                    for (int i = 0; i < 4; i++) {
                        budget.spend(500_000);
                    }
                }))
                .isEqualTo(2);
    }

    @Test
    void countsWhatIsWrittenAndWhatIsRead() {
        DatasetId dataset = new DatasetId("tests", "rows.v1");
        try (MemoryStore store = new MemoryStore();
                BlobWriter blobs = new ThrottledBlobWriter(store.openWriter(), budget)) {
            BlobAddress address = BlobAddress.bucket(dataset, 7, 1);
            BlobAddress missing = BlobAddress.bucket(dataset, 7, 2);
            byte[] body = new byte[2_000_000];

            assertThat(secondsFor(() -> Stages.await(blobs.put(List.of(Blob.of(address, body))))))
                    .isEqualTo(2);
            assertThat(secondsFor(() -> assertThat(Stages.await(blobs.get(List.of(address, missing))))
                            .hasSize(2)))
                    .isEqualTo(2);
            assertThat(secondsFor(() -> Stages.await(blobs.delete(List.of(address)))))
                    .isZero();
            assertThat(secondsFor(() -> Stages.await(blobs.barrier()))).isZero();
        }
    }

    @Test
    void writesALargeBatchInPiecesThatNoReaderWaitsFor() {
        List<Long> waits = new ArrayList<>();
        ByteBudget watched = new ByteBudget(1_000_000, () -> nowNanos, nanos -> {
            waits.add(nanos);
            nowNanos += nanos;
        });
        DatasetId dataset = new DatasetId("tests", "rows.v1");
        List<Blob> batch = IntStream.range(0, 200)
                .mapToObj(i -> Blob.of(BlobAddress.bucket(dataset, 7, i), new byte[1_000]))
                .toList();
        try (MemoryStore store = new MemoryStore();
                BlobWriter blobs = new ThrottledBlobWriter(store.openWriter(), watched)) {
            Stages.await(blobs.put(batch));

            assertThat(waits).hasSizeGreaterThan(10).allMatch(wait -> wait < 20 * SECOND / 1_000);
            assertThat(Stages.await(blobs.get(batch.stream().map(Blob::address).toList())))
                    .hasSize(200)
                    .doesNotContainNull();
        }
    }

    @Test
    void refusesARateOfNothing() {
        assertThatThrownBy(() -> new ByteBudget(0, () -> 0, nanos -> {}))
                .hasMessage("bytesPerSecond: 0 (expected: > 0)");
    }
}
