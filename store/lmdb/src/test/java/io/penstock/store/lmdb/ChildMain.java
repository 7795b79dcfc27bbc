package io.penstock.store.lmdb;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** What the other process of {@link LmdbProcessesIT} does. */
final class ChildMain {
    static final DatasetId DATASET = new DatasetId("processes", "customer-360.v1");

    /** Blobs of one put; each generation is one put. */
    static final int BLOBS = 200;

    private ChildMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        String url = arguments[0];
        try (Store store = Stores.open(url, true)) {
            switch (arguments[1]) {
                case "increment" -> increment(store, Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]));
                case "publish" -> publish(store);
                case "hold-snapshot" -> holdSnapshot(store);
                case "hold-write" -> holdWrite(store);
                default -> throw new IllegalArgumentException(arguments[1]);
            }
        }
    }

    /** Raises the number in the register, so often, however often it loses. */
    static void increment(Store store, int times, long seed) {
        CatalogRegister register = store.catalog(DATASET.namespace());
        Random random = new Random(seed);
        for (int done = 0; done < times; ) {
            byte[] before = Await.stage(register.read()).orElse(null);
            WriteId expected = before == null ? null : WriteId.of(ByteBuffer.wrap(before));
            int count = before == null ? 0 : ByteBuffer.wrap(before).getInt(WriteId.BYTES);
            byte[] after = ByteBuffer.allocate(WriteId.BYTES + Integer.BYTES)
                    .put(WriteId.random(random).toBytes())
                    .putInt(count + 1)
                    .array();
            if (Await.stage(register.compareAndSet(expected, after)) == CasResult.APPLIED) {
                done++;
            }
        }
    }

    /** Puts generation after generation, and says of each that it was confirmed, until it is killed. */
    private static void publish(Store store) {
        PresenceRecord record = PresenceRecord.newBuilder().setId("publisher").build();
        try (BlobWriter writer = store.openWriter()) {
            for (long generation = 1; ; generation++) {
                Await.stage(store.presence(DATASET.namespace()).put(record, Duration.ofSeconds(1)));
                Await.stage(writer.put(blobs(generation)));
                System.out.println(generation);
            }
        }
    }

    static List<Blob> blobs(long generation) {
        List<Blob> blobs = new ArrayList<>();
        for (int i = 0; i < BLOBS; i++) {
            byte[] body = new byte[1_000 + i * 20];
            new Random(generation * BLOBS + i).nextBytes(body);
            blobs.add(Blob.of(BlobAddress.bucket(DATASET, generation, i), body));
        }
        return blobs;
    }

    /** A reader that never ends its turn. */
    private static void holdSnapshot(Store store) throws InterruptedException {
        LmdbEnvironment environment = ((LmdbStore) store).retained();
        environment.newSnapshot().begin();
        System.out.println("held");
        new CountDownLatch(1).await();
    }

    /** A writer that never ends its transaction. */
    private static void holdWrite(Store store) throws InterruptedException {
        try (var transaction = ((LmdbStore) store).environment().env().txnWrite()) {
            System.out.println("held by transaction");
            System.out.println(transaction.isReadOnly());
            new CountDownLatch(1).await();
        }
    }
}
