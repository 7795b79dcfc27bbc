package io.penstock.store.testkit;

import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What the behaviours of {@link StoreConformanceTest} share: the store, and values that can be told apart. */
interface StoreUnderTest {
    String NAMESPACE = "conformance";
    DatasetId DATASET = new DatasetId(NAMESPACE, "customer-360.v1");

    /** The store of the running test. */
    Store store();

    /** The URL that {@link #open} opens. */
    String url();

    /** Opens the data of the running test once more, as another process would. */
    Store open();

    /** Damages a presence record as it stands in the store, behind the SPI's back. */
    void damagePresence(String namespace, String id);

    /** Whether data outlives the last handle to it. */
    default boolean isPersistent() {
        return true;
    }

    /** Whether a put of other bytes at an address in use is refused; a store that cannot afford to look may not. */
    default boolean refusesRewrites() {
        return false;
    }

    /** Lets the time pass that presence expires by. */
    default void passTime(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }

    /** A blob whose bytes follow from its address. */
    static Blob blob(BlobAddress address, int bodyBytes) {
        byte[] body = new byte[bodyBytes];
        new Random(address.hashCode()).nextBytes(body);
        return Blob.of(address, body);
    }

    static List<Blob> buckets(long generation, int count, int bodyBytes) {
        List<Blob> blobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blobs.add(blob(BlobAddress.bucket(DATASET, generation, i), bodyBytes));
        }
        return blobs;
    }

    static List<BlobAddress> addresses(List<Blob> blobs) {
        return blobs.stream().map(Blob::address).toList();
    }

    /** Asks for addresses in one turn of the loop and waits for the answers. */
    static List<RecordingCallback> readAll(TestEventLoop loop, BlobReader reader, List<BlobAddress> addresses) {
        List<RecordingCallback> callbacks = new ArrayList<>();
        loop.run(() -> {
            for (BlobAddress address : addresses) {
                RecordingCallback callback = new RecordingCallback(loop);
                callbacks.add(callback);
                reader.get(address, BlobReader.Consistency.STRONG, callback);
            }
            reader.flush();
        });
        loop.runUntil("every read answered", () -> callbacks.stream().allMatch(RecordingCallback::isAnswered));
        return callbacks;
    }
}
