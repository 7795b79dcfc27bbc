package io.penstock.store.lmdb;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.blob.Seal;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A presence record as it stands in LMDB, with what an observer needs to see it die; big-endian.
 *
 * <pre>
 *   0              8         16                     n        n + 4
 *   +--------------+---------+----------------------+--------+
 *   | ttl, nanos   | stamp   | PresenceRecord       | crc32c |
 *   +--------------+---------+----------------------+--------+
 * </pre>
 *
 * @param stamp the id of the transaction that wrote it, so that every renewal moves it
 */
record PresenceValue(long ttlNanos, long stamp, PresenceRecord record) {
    private static final int TTL = 0;
    private static final int STAMP = 8;
    private static final int RECORD = 16;

    static byte[] encode(PresenceRecord record, Duration ttl, long stamp, byte[] key) {
        byte[] message = record.toByteArray();
        ByteBuffer body = ByteBuffer.allocate(RECORD + message.length)
                .putLong(TTL, ttl.toNanos())
                .putLong(STAMP, stamp)
                .put(RECORD, message);
        return Seal.seal(body.array(), key);
    }

    /** The record, or null if it is damaged. */
    static @Nullable PresenceValue decode(ByteBuffer sealed, byte[] key) {
        int position = sealed.position();
        int messageBytes = sealed.remaining() - RECORD - Seal.BYTES;
        if (messageBytes < 0 || !Seal.verify(sealed, key)) {
            return null;
        }
        try {
            PresenceRecord record = PresenceRecord.parseFrom(sealed.slice(position + RECORD, messageBytes));
            return new PresenceValue(sealed.getLong(position + TTL), sealed.getLong(position + STAMP), record);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }
}
