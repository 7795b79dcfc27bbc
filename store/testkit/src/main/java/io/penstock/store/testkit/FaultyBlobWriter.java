package io.penstock.store.testkit;

import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A writer whose operations fail or come late, and that sees what {@link Faults} lost and corrupted. */
final class FaultyBlobWriter implements BlobWriter {
    private final BlobWriter inner;
    private final Faults faults;

    FaultyBlobWriter(BlobWriter inner, Faults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    @Override
    public CompletionStage<Void> put(List<Blob> blobs) {
        return Disturbance.async(faults, Operation.BLOB_PUT, () -> inner.put(blobs));
    }

    @Override
    public CompletionStage<Long> delete(List<BlobAddress> addresses) {
        return Disturbance.async(faults, Operation.BLOB_DELETE, () -> inner.delete(addresses));
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
        return Disturbance.async(
                faults, Operation.BLOB_GET, () -> inner.get(addresses).thenApply(values -> damage(addresses, values)));
    }

    private List<byte @Nullable []> damage(List<BlobAddress> addresses, List<byte @Nullable []> values) {
        List<byte @Nullable []> seen = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            byte[] value = values.get(i);
            BlobAddress address = addresses.get(i);
            seen.add(value == null || faults.isLost(address, true) ? null : flip(value, faults.wrongBit(address)));
        }
        return seen;
    }

    /** Flips a bit of an array, in place; none if {@code bit} is negative. */
    static byte[] flip(byte[] value, int bit) {
        if (bit >= 0) {
            value[bit / 8 % value.length] ^= (byte) (1 << bit % 8);
        }
        return value;
    }

    @Override
    public CompletionStage<Void> barrier() {
        return Disturbance.async(faults, Operation.BARRIER, inner::barrier);
    }

    @Override
    public void scan(String namespace, Consumer<BlobAddress> each) {
        Disturbance.blocking(faults, Operation.BLOB_SCAN, () -> {
            inner.scan(namespace, address -> {
                if (!faults.isLost(address, true)) {
                    each.accept(address);
                }
            });
            return true;
        });
    }

    @Override
    public void close() {
        inner.close();
    }
}
