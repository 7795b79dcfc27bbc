package io.penstock.store.catalog;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Erasure;
import io.penstock.store.catalog.CatalogRefusedException.Reason;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The list of erased keys in a dataset's entry: sorted, distinct, bounded. */
public final class ErasedHashes {
    /** Bytes of one hash. */
    public static final int HASH_BYTES = 16;

    /** Bytes of what they are keyed with. */
    public static final int HASH_KEY_BYTES = 32;

    /** The most erased keys a dataset may have: 64 KiB of the catalog. */
    public static final int KEYS_MAX = 4_096;

    private ErasedHashes() {}

    /** Whether there are no hashes, or whole ones with their key. */
    static boolean isWellFormed(Erasure erasure) {
        int bytes = erasure.getHashes().size();
        return bytes == 0 || (bytes % HASH_BYTES == 0 && erasure.getHashKey().size() == HASH_KEY_BYTES);
    }

    /** The hashes of an erasure, ascending. */
    public static Set<ByteString> of(Erasure erasure) {
        ByteString all = erasure.getHashes();
        Set<ByteString> hashes = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
        for (int at = 0; at + HASH_BYTES <= all.size(); at += HASH_BYTES) {
            hashes.add(all.substring(at, at + HASH_BYTES));
        }
        return hashes;
    }

    /** Returns how many were new. */
    static int add(DatasetEntry.Builder dataset, ByteString hashKey, Set<ByteString> hashes)
            throws CatalogRefusedException {
        if (hashes.isEmpty()) {
            return 0;
        }
        if (dataset.hasErasure()) {
            requireHashKey(dataset, hashKey);
        }
        Set<ByteString> all = of(dataset.getErasure());
        int before = all.size();
        all.addAll(hashes);
        if (all.size() > KEYS_MAX) {
            throw new CatalogRefusedException(
                    Reason.CATALOG_FULL,
                    dataset.getName() + ": " + all.size() + " erased keys (expected: <= " + KEYS_MAX
                            + "); keys that are gone from the source can be taken off the list with"
                            + " 'penstock erase --lift'");
        }
        dataset.setErasure(Erasure.newBuilder().setHashKey(hashKey).setHashes(joined(all)));
        return all.size() - before;
    }

    /** Returns how many were there. */
    static int remove(DatasetEntry.Builder dataset, ByteString hashKey, Set<ByteString> hashes)
            throws CatalogRefusedException {
        if (!dataset.hasErasure() || hashes.isEmpty()) {
            return 0;
        }
        requireHashKey(dataset, hashKey);
        Set<ByteString> all = of(dataset.getErasure());
        int before = all.size();
        all.removeAll(hashes);
        if (all.size() < before) {
            dataset.getErasureBuilder().setHashes(joined(all));
        }
        return before - all.size();
    }

    private static ByteString joined(Collection<ByteString> hashes) {
        return ByteString.copyFrom(hashes);
    }

    private static void requireHashKey(DatasetEntry.Builder dataset, ByteString hashKey)
            throws CatalogRefusedException {
        if (!dataset.getErasure().getHashKey().equals(hashKey)) {
            throw new CatalogRefusedException(
                    Reason.FENCED, dataset.getName() + ": another erasure began meanwhile; run it again");
        }
    }
}
