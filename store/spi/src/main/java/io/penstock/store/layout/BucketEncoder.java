package io.penstock.store.layout;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Row;

/** Collects the rows of one bucket, which come in order, into its body. Reusable; not thread-safe. */
public final class BucketEncoder {
    /** The most bytes a bucket's body may have. */
    public static final int BODY_BYTES_MAX = 4 << 20;

    private final Bucket.Builder bucket = Bucket.newBuilder();
    private long rowBytes;

    /** Adds a row that never expires by itself. The arrays must not change any more. */
    public void add(byte[] key, byte[] value) {
        add(row(key, value).build());
    }

    /** Adds a row that stops being readable at {@code expiresAtMillis} since the Unix epoch. */
    public void add(byte[] key, byte[] value, long expiresAtMillis) {
        add(row(key, value).setExpiresAt(expiresAtMillis).build());
    }

    private static Row.Builder row(byte[] key, byte[] value) {
        ByteString keyBytes = UnsafeByteOperations.unsafeWrap(key);
        ByteString valueBytes = UnsafeByteOperations.unsafeWrap(value);
        return Row.newBuilder().setKey(keyBytes).setValue(valueBytes);
    }

    /** Adds a row as it was decoded. */
    public void add(Row row) {
        bucket.addRows(row);
        rowBytes += row.getSerializedSize();
    }

    public int rows() {
        return bucket.getRowsCount();
    }

    /** Bytes of the rows so far: about the body's size. */
    public long rowBytes() {
        return rowBytes;
    }

    /** Returns the body and starts the next bucket. */
    public byte[] finish() {
        byte[] body = bucket.build().toByteArray();
        bucket.clear();
        rowBytes = 0;
        return body;
    }
}
