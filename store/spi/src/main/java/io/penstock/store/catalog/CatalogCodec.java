package io.penstock.store.catalog;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Seal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The stored form of a catalog.
 *
 * <pre>
 *   0           16                  n        n + 4
 *   +-----------+-------------------+--------+
 *   | write id  | Catalog, protobuf | crc32c |
 *   +-----------+-------------------+--------+
 * </pre>
 */
public final class CatalogCodec {
    /** The newest format this program reads, and the one it writes. */
    public static final int FORMAT = 1;

    /** The most bytes a stored catalog may have. */
    public static final int VALUE_BYTES_MAX = 512 << 10;

    private CatalogCodec() {}

    /** The key name a namespace's catalog is stored and sealed under. */
    public static String keyName(String namespace) {
        return "penstock:{" + DatasetId.requireNamespace(namespace) + "}:catalog";
    }

    /**
     * Encodes a catalog.
     *
     * @throws StoreException {@code FULL} when it is larger than {@link #VALUE_BYTES_MAX}
     */
    public static byte[] encode(String namespace, WriteId writeId, Catalog catalog) {
        byte[] message = catalog.toByteArray();
        byte[] body = ByteBuffer.allocate(WriteId.BYTES + message.length)
                .put(writeId.toBytes())
                .put(message)
                .array();
        if (body.length + Seal.BYTES > VALUE_BYTES_MAX) {
            throw new StoreException(
                    StoreException.Code.FULL,
                    "catalog of namespace '" + namespace + "': " + (body.length + Seal.BYTES) + " bytes (expected: <= "
                            + VALUE_BYTES_MAX + "); keep fewer versions, or move datasets to another namespace");
        }
        return Seal.seal(body, keyName(namespace).getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Decodes a stored catalog.
     *
     * @throws StoreException {@code CORRUPT} or {@code NEWER_FORMAT}
     */
    public static CatalogSnapshot decode(String namespace, byte[] value) {
        String keyName = keyName(namespace);
        ByteBuffer sealed = ByteBuffer.wrap(value);
        if (value.length < WriteId.BYTES + Seal.BYTES
                || !Seal.verify(sealed, keyName.getBytes(StandardCharsets.US_ASCII))) {
            throw new StoreException(
                    StoreException.Code.CORRUPT,
                    "catalog of namespace '" + namespace + "': " + value.length + " bytes fail their checksum");
        }
        Catalog catalog;
        try {
            int bytes = value.length - WriteId.BYTES - Seal.BYTES;
            catalog = Catalog.parseFrom(ByteBuffer.wrap(value, WriteId.BYTES, bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException(
                    StoreException.Code.CORRUPT, "catalog of namespace '" + namespace + "': not a catalog message", e);
        }
        if (catalog.getFormat() > FORMAT) {
            throw new StoreException(
                    StoreException.Code.NEWER_FORMAT,
                    "catalog of namespace '" + namespace + "': format " + catalog.getFormat() + " (expected: <= "
                            + FORMAT + "); it was written by a newer Penstock, upgrade this one");
        }
        for (DatasetEntry dataset : catalog.getDatasetsList()) {
            if (!ErasedHashes.isWellFormed(dataset.getErasure())) {
                throw new StoreException(
                        StoreException.Code.CORRUPT,
                        "catalog of namespace '" + namespace + "': the erased keys of " + dataset.getName()
                                + " are no list of hashes");
            }
        }
        return new CatalogSnapshot(WriteId.of(sealed), catalog);
    }
}
