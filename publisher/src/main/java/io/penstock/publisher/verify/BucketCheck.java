package io.penstock.publisher.verify;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Row;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whether a body that passed its checksum is the bucket it should be.
 *
 * @param problem what is wrong; null if nothing is
 */
record BucketCheck(int rows, @Nullable String problem) {

    static BucketCheck of(byte[] body, BlobAddress address, BucketLayout layout) {
        Bucket bucket;
        try {
            bucket = Bucket.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            return new BucketCheck(0, address + " is not a bucket");
        }
        long hashBefore = 0;
        byte[] keyBefore = {};
        for (Row row : bucket.getRowsList()) {
            byte[] key = row.getKey().toByteArray();
            long hash = layout.hash(key);
            int order = Long.compareUnsigned(hashBefore, hash);
            boolean ascending = order < 0 || (order == 0 && Arrays.compareUnsigned(keyBefore, key) < 0);
            if (!ascending || layout.bucketOf(hash) != address.number()) {
                return new BucketCheck(0, address + " holds a row that does not belong there");
            }
            hashBefore = hash;
            keyBefore = key;
        }
        return new BucketCheck(bucket.getRowsCount(), bucket.getRowsCount() == 0 ? address + " has no rows" : null);
    }
}
