package io.penstock.store.lmdb;

import io.penstock.store.catalog.CatalogCodec;
import java.nio.charset.StandardCharsets;

/** The keys of the tree: the key names of the stored forms, in ASCII. */
final class KeyNames {
    /** What LMDB allows; ours are shorter. */
    static final int KEY_BYTES_MAX = 511;

    /** Under it stands the number of this layout, so that a foreign database is not taken for a store. */
    static final byte[] FORMAT = ascii("penstock:format");

    private KeyNames() {}

    static byte[] catalog(String namespace) {
        return ascii(CatalogCodec.keyName(namespace));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static String text(byte[] key) {
        return new String(key, StandardCharsets.US_ASCII);
    }
}
