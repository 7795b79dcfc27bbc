package io.penstock.store.presence;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.Seal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** The stored form of presence records: the message and its {@link Seal}, the same in every backend. */
public final class PresenceCodec {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private PresenceCodec() {}

    /** What the key names of a namespace's presence records begin with. */
    public static String prefix(String namespace) {
        return "penstock:{" + DatasetId.requireNamespace(namespace) + "}:presence:";
    }

    /**
     * The key name a record is sealed under.
     *
     * @throws IllegalArgumentException if the id is not 1 to 128 characters of {@code [A-Za-z0-9._-]}
     */
    public static String keyName(String namespace, String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "presence id: '" + id + "' (expected: 1 to 128 characters of [A-Za-z0-9._-])");
        }
        return prefix(namespace) + id;
    }

    public static byte[] encode(String namespace, PresenceRecord record) {
        return Seal.seal(record.toByteArray(), keyNameBytes(namespace, record.getId()));
    }

    /** The record that was stored under {@code id}, or empty if the bytes are damaged or belong elsewhere. */
    public static Optional<PresenceRecord> decode(String namespace, String id, ByteBuffer sealed) {
        if (!Seal.verify(sealed, keyNameBytes(namespace, id))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    PresenceRecord.parseFrom(sealed.slice(sealed.position(), sealed.remaining() - Seal.BYTES)));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    private static byte[] keyNameBytes(String namespace, String id) {
        return keyName(namespace, id).getBytes(StandardCharsets.US_ASCII);
    }
}
