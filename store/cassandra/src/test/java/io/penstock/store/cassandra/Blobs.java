package io.penstock.store.cassandra;

import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Blobs whose bytes follow from their address. */
final class Blobs {
    static final DatasetId DATASET = new DatasetId("tests", "blobs.v1");

    private Blobs() {}

    static BlobAddress address(int number) {
        return BlobAddress.bucket(DATASET, 7, number);
    }

    static Blob blob(int number, int bytes) {
        byte[] body = new byte[bytes];
        new Random(number).nextBytes(body);
        return Blob.of(address(number), body);
    }

    static List<Blob> blobs(int count, int bytes) {
        List<Blob> blobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            blobs.add(blob(i, bytes));
        }
        return blobs;
    }

    static List<BlobAddress> addresses(List<Blob> blobs) {
        return blobs.stream().map(Blob::address).toList();
    }

    static void write(Store store, List<Blob> blobs) {
        try (BlobWriter writer = store.openWriter()) {
            Await.stage(writer.put(blobs));
        }
    }
}
