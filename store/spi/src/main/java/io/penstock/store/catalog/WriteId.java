package io.penstock.store.catalog;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The identity of one attempt to write a catalog: sixteen random bytes in front of the value. The compare-and-set
 * compares it instead of a counter, because a counter can come back after a failover.
 */
public record WriteId(long high, long low) {
    /** Bytes in front of a catalog value. */
    public static final int BYTES = 16;

    public static WriteId random(RandomGenerator random) {
        return new WriteId(random.nextLong(), random.nextLong());
    }

    /** Reads the id at the front of a value, big-endian. */
    public static WriteId of(ByteBuffer value) {
        return new WriteId(value.getLong(value.position()), value.getLong(value.position() + 8));
    }

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }
}
