package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How blobs are read on an event loop. */
interface BlobReaderConformance extends StoreUnderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 1_024, 4_092, 4_096, 4_100, 65_537, 1 << 20, 4 << 20})
    default void readerFindsTheVeryBytesThatWerePut(int bodyBytes) {
        Blob blob = StoreUnderTest.blob(BlobAddress.bucket(DATASET, 7, bodyBytes), bodyBytes);
        write(List.of(blob));
        try (Reading reading = reading()) {
            byte[] value = reading.read(List.of(blob.address())).get(0).value();
            assertThat(value).isEqualTo(blob.sealed());
            assertThat(Seal.verify(
                            ByteBuffer.wrap(blob.sealed()), blob.address().keyNameBytes()))
                    .isTrue();
        }
    }

    @Test
    default void readerSaysWhatIsMissing() {
        write(StoreUnderTest.buckets(7, 1, 10));
        try (Reading reading = reading()) {
            List<RecordingCallback> answers = reading.read(List.of(
                    BlobAddress.bucket(DATASET, 8, 0),
                    BlobAddress.bucket(DATASET, 7, 0),
                    BlobAddress.chunk(DATASET, 7, 0),
                    BlobAddress.bucket(DATASET, 7, 1)));
            assertThat(answers).extracting(RecordingCallback::isMissing).containsExactly(true, false, true, true);
        }
    }

    @Test
    default void readerAnswersEveryReadOfATurnOnce() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 5_000, 50);
        write(blobs);
        try (Reading reading = reading()) {
            List<BlobAddress> twice = new ArrayList<>(StoreUnderTest.addresses(blobs));
            twice.addAll(StoreUnderTest.addresses(blobs));
            List<RecordingCallback> answers = reading.read(twice);
            for (int i = 0; i < twice.size(); i++) {
                assertThat(answers.get(i).value())
                        .isEqualTo(blobs.get(i % blobs.size()).sealed());
            }
        }
    }

    @Test
    default void readerServesOneTurnAfterAnother() {
        try (Reading reading = reading()) {
            for (int turn = 1; turn <= 50; turn++) {
                List<Blob> blobs = StoreUnderTest.buckets(turn, 3, 20);
                write(blobs);
                assertThat(reading.read(StoreUnderTest.addresses(blobs)).get(2).value())
                        .isEqualTo(blobs.get(2).sealed());
                delete(blobs);
                assertThat(reading.read(StoreUnderTest.addresses(blobs)).get(1).isMissing())
                        .isTrue();
            }
        }
    }

    @Test
    default void readerFindsWithTheNearestConsistencyToo() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 10, 100);
        write(blobs);
        try (Reading reading = reading()) {
            Await.until("the nearest copy has the blobs", () -> {
                RecordingCallback callback = new RecordingCallback(reading.loop);
                reading.loop.run(() -> {
                    reading.reader.get(blobs.get(9).address(), Consistency.NEAREST, callback);
                    reading.reader.flush();
                });
                reading.loop.runUntil("answered", callback::isAnswered);
                return callback.value() != null;
            });
        }
    }

    @Test
    default void callbackMayAskAgain() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 1, 100);
        write(blobs);
        try (Reading reading = reading()) {
            RecordingCallback second = new RecordingCallback(reading.loop);
            reading.loop.run(() -> {
                reading.reader.get(BlobAddress.bucket(DATASET, 7, 1), Consistency.NEAREST, new BlobCallback() {
                    @Override
                    public void found(ByteBuffer sealed) {
                        throw new AssertionError("found a blob nobody wrote");
                    }

                    @Override
                    public void missing() {
                        reading.reader.get(blobs.get(0).address(), Consistency.STRONG, second);
                        reading.loop.executor().execute(reading.reader::flush);
                    }

                    @Override
                    public void failed(StoreException error) {
                        throw error;
                    }
                });
                reading.reader.flush();
            });
            reading.loop.runUntil("second read answered", second::isAnswered);
            assertThat(second.value()).isEqualTo(blobs.get(0).sealed());
        }
    }

    @Test
    default void readersOfSeveralLoopsDoNotDisturbEachOther() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 300, 500);
        write(blobs);
        List<Reading> readings = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                readings.add(reading());
            }
            List<List<RecordingCallback>> all = readings.parallelStream()
                    .map(reading -> reading.read(StoreUnderTest.addresses(blobs)))
                    .toList();
            for (List<RecordingCallback> answers : all) {
                for (int i = 0; i < blobs.size(); i++) {
                    assertThat(answers.get(i).value()).isEqualTo(blobs.get(i).sealed());
                }
            }
        } finally {
            readings.forEach(Reading::close);
        }
    }

    @Test
    default void closedReaderFailsWhatIsUnansweredAndWhatComesLater() {
        List<Blob> blobs = StoreUnderTest.buckets(7, 1, 100);
        write(blobs);
        try (Reading reading = reading()) {
            RecordingCallback before = new RecordingCallback(reading.loop);
            RecordingCallback after = new RecordingCallback(reading.loop);
            reading.loop.run(() -> {
                reading.reader.get(blobs.get(0).address(), Consistency.STRONG, before);
                reading.reader.close();
                reading.reader.close();
                reading.reader.get(blobs.get(0).address(), Consistency.STRONG, after);
                reading.reader.flush();
            });
            reading.loop.runUntil("both answered", () -> before.isAnswered() && after.isAnswered());
            assertThat(after.failure()).isEqualTo(StoreException.Code.CLOSED);
            if (before.value() == null) { // a store that has the blob at hand may have answered in get
                assertThat(before.failure()).isEqualTo(StoreException.Code.CLOSED);
            }
        }
    }

    private void write(List<Blob> blobs) {
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.put(blobs));
        }
    }

    private void delete(List<Blob> blobs) {
        try (BlobWriter writer = store().openWriter()) {
            Await.stage(writer.delete(StoreUnderTest.addresses(blobs)));
        }
    }

    private Reading reading() {
        return new Reading(store());
    }

    /** A loop and its reader. */
    final class Reading implements AutoCloseable {
        final TestEventLoop loop = TestEventLoop.started();
        final BlobReader reader;

        private Reading(Store store) {
            reader = store.openReader(loop);
        }

        private List<RecordingCallback> read(List<BlobAddress> addresses) {
            return StoreUnderTest.readAll(loop, reader, addresses);
        }

        @Override
        public void close() {
            loop.run(reader::close);
            loop.close();
        }
    }
}
