package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.it.TestData;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.Step;
import io.penstock.store.DatasetId;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.testkit.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded store has no space left: its map is small here, and a full disk is the same error of the same call. */
class FullDiskIT {
    private static final TestData DATA = new TestData("fulldisk", 3_000, 50, 60);
    private static final DatasetId FILLING = new DatasetId("filling", "anything.v1");
    private static final int FILLING_BYTES = 1 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PublishedData published;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Served served;

    private final List<BlobAddress> filling = new ArrayList<>();

    @BeforeEach
    void serveTwoVersions() {
        String url = "lmdb:" + directory.resolve("store") + "?map_size=32MiB";
        published = PublishedData.on(url, DATA);
        published.publish(1);
        published.publish(2);
        served = Served.start(url, "cache.max_bytes=0");
    }

    @AfterEach
    void stop() {
        served.close();
        published.close();
    }

    @Test
    void aPublicationThatFindsNoSpaceFailsCleanlyAndReadsGoOn() {
        AtomicBoolean filled = new AtomicBoolean();
        PublicationObserver fillOnceWritingBegins = (step, detail) -> {
            if (step == Step.INTENT_WRITTEN && filled.compareAndSet(false, true)) {
                fill();
            }
        };

        PublisherException refused =
                catchThrowableOfType(PublisherException.class, () -> published.publish(3, fillOnceWritingBegins));

        assertThat(refused).isNotNull();
        assertThat(refused.category()).as(refused.getMessage()).isEqualTo(Category.REFUSED); // exit code 4
        assertThat(refused.code()).isEqualTo("STORE_FULL");
        assertThat(published.audit().dataset(DATA.dataset()).hasSlot())
                .as("slot")
                .isFalse();
        assertThat(Survey.of(published, served.newChannel()).values()).containsOnly(Tally.FOUND);

        published.rollBack(1); // the store is as full as before
        served.awaitRevision(DATA, 3);
        assertThat(Survey.of(published, served.newChannel()).values()).containsOnly(Tally.FOUND);

        try (BlobWriter blobs = published.store().openWriter()) {
            Await.stage(blobs.delete(filling));
        }
        published.collect(1);
        published.audit().assertCurrentIs(DATA, 1);
        published.audit().assertNoBlobIsLeftOver();
    }

    /** Puts blobs of another namespace until not even a small one fits. */
    private void fill() {
        try (BlobWriter blobs = published.store().openWriter()) {
            for (int bytes = FILLING_BYTES; bytes >= 16; ) {
                BlobAddress address = BlobAddress.bucket(FILLING, 1, filling.size());
                try {
                    Await.stage(blobs.put(List.of(Blob.of(address, new byte[bytes]))));
                    filling.add(address);
                } catch (StoreException e) {
                    assertThat(e.code()).isEqualTo(StoreException.Code.FULL);
                    bytes /= 2;
                }
            }
        }
        assertThat(filling).isNotEmpty();
    }
}
