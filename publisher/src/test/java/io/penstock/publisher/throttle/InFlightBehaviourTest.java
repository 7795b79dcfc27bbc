package io.penstock.publisher.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.stored.Stages;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InFlightBehaviourTest {
    private static final DatasetId DATASET = new DatasetId("tests", "rows.v1");

    private final SlowWriter slow = new SlowWriter();
    private final BlobWriter blobs = new InFlightBlobWriter(slow, 10);

    /** Answers when the test says so, oldest first. */
    private static final class SlowWriter implements BlobWriter {
        private final Deque<Runnable> answers = new ArrayDeque<>();
        private final List<Integer> batches = new ArrayList<>();
        private int underWay;
        private int mostUnderWay;

        private synchronized <T> CompletionStage<T> later(int count, @Nullable T answer) {
            CompletableFuture<T> stage = new CompletableFuture<>();
            batches.add(count);
            underWay += count;
            mostUnderWay = Math.max(mostUnderWay, underWay);
            answers.add(() -> {
                gone(count);
                stage.complete(answer);
            });
            return stage;
        }

        private synchronized void gone(int count) {
            underWay -= count;
        }

        private synchronized @Nullable Runnable next() {
            return answers.poll();
        }

        void answerAll() {
            for (Runnable next = next(); next != null; next = next()) {
                next.run();
            }
        }

        @Override
        public CompletionStage<Void> put(List<Blob> put) {
            return later(put.size(), null);
        }

        @Override
        public CompletionStage<Long> delete(List<BlobAddress> addresses) {
            return later(addresses.size(), (long) addresses.size());
        }

        @Override
        public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
            List<byte @Nullable []> found = new ArrayList<>();
            addresses.forEach(address -> found.add(new byte[] {(byte) address.number()}));
            return later(addresses.size(), found);
        }

        @Override
        public CompletionStage<Void> barrier() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void scan(String namespace, Consumer<BlobAddress> each) {}

        @Override
        public void close() {}
    }

    private static List<BlobAddress> addresses(int count) {
        List<BlobAddress> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(BlobAddress.bucket(DATASET, 7, i));
        }
        return addresses;
    }

    @Test
    void letsThroughWhatFits() {
        CompletionStage<Long> deleted = blobs.delete(addresses(4));
        CompletionStage<List<byte @Nullable []>> found = blobs.get(addresses(6));
        assertThat(slow.mostUnderWay).isEqualTo(10);
        slow.answerAll();
        assertThat(Stages.await(deleted)).isEqualTo(4);
        assertThat(Stages.await(found)).hasSize(6);
    }

    @Test
    void waitsForRoomAndSplitsWhatIsLarger() throws Exception {
        CompletableFuture<Long> deleted = new CompletableFuture<>();
        Thread caller = new Thread(() -> deleted.complete(Stages.await(blobs.delete(addresses(25)))));
        caller.start();
        while (!deleted.isDone()) {
            awaitWaiting(caller);
            slow.answerAll();
        }
        assertThat(deleted.join()).isEqualTo(25);
        assertThat(slow.batches).containsExactly(10, 10, 5);
        assertThat(slow.mostUnderWay).isEqualTo(10);
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void answersInTheOrderAskedFor() {
        BlobWriter narrow = new InFlightBlobWriter(new AtOnce(), 3);
        List<byte @Nullable []> found = Stages.await(narrow.get(addresses(8)));
        for (int i = 0; i < 8; i++) {
            assertThat(found.get(i)).containsExactly(i);
        }
    }

    /** Answers at once. */
    private static final class AtOnce implements BlobWriter {
        private final SlowWriter slow = new SlowWriter();

        @Override
        public CompletionStage<Void> put(List<Blob> put) {
            return answered(slow.put(put));
        }

        @Override
        public CompletionStage<Long> delete(List<BlobAddress> addresses) {
            return answered(slow.delete(addresses));
        }

        @Override
        public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
            return answered(slow.get(addresses));
        }

        private <T> CompletionStage<T> answered(CompletionStage<T> stage) {
            slow.answerAll();
            return stage;
        }

        @Override
        public CompletionStage<Void> barrier() {
            return slow.barrier();
        }

        @Override
        public void scan(String namespace, Consumer<BlobAddress> each) {}

        @Override
        public void close() {}
    }

    @Test
    void anInterruptEndsTheWait() {
        var unused = blobs.delete(addresses(10));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> blobs.delete(addresses(1))).isInstanceOf(PublisherException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesNothingAtATime() {
        assertThatThrownBy(() -> new InFlightBlobWriter(slow, 0)).hasMessage("max: 0 (expected: > 0)");
    }
}
