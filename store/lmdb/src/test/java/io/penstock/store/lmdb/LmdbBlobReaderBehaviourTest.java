package io.penstock.store.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.penstock.store.blob.Seal;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.RecordingCallback;
import io.penstock.store.testkit.TestEventLoop;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbBlobReaderBehaviourTest {
    private static final DatasetId DATASET = new DatasetId("reader", "customer-360.v1");

    @TempDir
    private Path directory;

    private final TestEventLoop loop = TestEventLoop.stepping();
    private Store store;
    private BlobWriter writer;
    private BlobReader reader;

    @BeforeEach
    void open() {
        store = Stores.open("lmdb:" + directory + "?map_size=64MiB", true);
        writer = store.openWriter();
        reader = store.openReader(loop);
    }

    @AfterEach
    void close() {
        reader.close();
        writer.close();
        store.close();
    }

    @Test
    void answersInPlaceWithAReadOnlyViewOfTheMap() {
        Blob blob = put(1, 1_000);
        boolean[] found = {false};
        reader.get(blob.address(), Consistency.NEAREST, found(view -> {
            found[0] = true;
            assertThat(view.isDirect()).isTrue();
            assertThat(view.isReadOnly()).isTrue();
            assertThat(Seal.verify(view, blob.address().keyNameBytes())).isTrue();
        }));
        assertThat(found[0]).isTrue();
        reader.flush();
    }

    @Test
    void turnSeesOneStateAndTheNextTurnTheNewest() {
        Blob blob = put(1, 1_000);
        assertThat(ask(blob).value()).isEqualTo(blob.sealed());
        Await.stage(writer.delete(List.of(blob.address())));
        assertThat(ask(blob).value()).isEqualTo(blob.sealed());
        reader.flush();
        assertThat(ask(blob).isMissing()).isTrue();
    }

    @Test
    void viewSurvivesReadsAndFlushesInsideTheCallback() {
        Blob outer = put(1, 100_000);
        Blob inner = put(2, 50_000);
        byte[][] kept = new byte[2][];
        reader.get(outer.address(), Consistency.NEAREST, found(view -> {
            reader.get(inner.address(), Consistency.NEAREST, found(innerView -> kept[1] = Snapshot.copy(innerView)));
            reader.flush();
            Await.stage(writer.delete(List.of(outer.address(), inner.address())));
            for (int i = 10; i < 40; i++) {
                put(i, 100_000); // would take the pages if they were free
            }
            kept[0] = Snapshot.copy(view);
        }));
        assertThat(kept[0]).isEqualTo(outer.sealed());
        assertThat(kept[1]).isEqualTo(inner.sealed());
        assertThat(ask(outer).isMissing()).as("the flush was made up for").isTrue();
    }

    /** A reader that pinned its snapshot between turns would make every replaced page a new one. */
    @Test
    void idleReaderPinsNoPages() {
        Blob first = put(1, 100_000);
        assertThat(ask(first).value()).isNotNull();
        reader.flush();
        for (int i = 2; i < 100; i++) { // 100 MB through a map of 64 MiB
            Blob blob = put(i, 1_000_000);
            Await.stage(writer.delete(List.of(blob.address())));
        }
        assertThat(ask(first).value()).isEqualTo(first.sealed());
    }

    @Test
    void storeStaysMappedWhileAReaderIsOpen() {
        Blob blob = put(1, 1_000);
        reader.get(blob.address(), Consistency.NEAREST, found(view -> {
            writer.close();
            store.close();
            assertThat(Snapshot.copy(view)).isEqualTo(blob.sealed());
        }));
        assertThat(ask(blob).failure()).isEqualTo(StoreException.Code.CLOSED);
        reader.close();
        try (Store again = Stores.open("lmdb:" + directory + "?map_size=128MiB", false)) {
            again.checkHealth();
        }
    }

    private RecordingCallback ask(Blob blob) {
        RecordingCallback callback = new RecordingCallback(loop);
        reader.get(blob.address(), Consistency.NEAREST, callback);
        return callback;
    }

    private Blob put(long number, int bytes) {
        byte[] body = new byte[bytes];
        new Random(number).nextBytes(body);
        Blob blob = Blob.of(BlobAddress.bucket(DATASET, 7, number), body);
        Await.stage(writer.put(List.of(blob)));
        return blob;
    }

    private static BlobCallback found(Consumer<ByteBuffer> action) {
        return new BlobCallback() {
            @Override
            public void found(ByteBuffer sealed) {
                action.accept(sealed);
            }

            @Override
            public void missing() {
                throw new AssertionError("missing");
            }

            @Override
            public void failed(StoreException error) {
                throw error;
            }
        };
    }
}
