package io.penstock.publisher.erase;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Erasure;
import io.penstock.store.catalog.ErasedHashes;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether a key is among those erased from a dataset, whose keyed hashes are all that is kept of them. Every row of
 * every publication is asked about, so a fast hash decides for nearly all of them, and an HMAC only about those it finds.
 *
 * <pre>
 * 8 bytes, big-endian   XXH3_64(seed = first 8 bytes of the hash key, key)
 * 8 bytes               the first of HMAC-SHA256(hash key, key)
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class ErasedKeys {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int HALF_BYTES = ErasedHashes.HASH_BYTES / 2;

    /** No key is erased. */
    public static final ErasedKeys NONE = new ErasedKeys(Erasure.getDefaultInstance());

    private final ByteString hashKey;
    private final Set<ByteString> hashes;
    private final Set<Long> firstHalves = new HashSet<>();
    private final Hasher64 fast;

    private ErasedKeys(Erasure erasure) {
        this.hashKey = erasure.getHashKey();
        this.hashes = ErasedHashes.of(erasure);
        for (ByteString hash : hashes) {
            firstHalves.add(hash.asReadOnlyByteBuffer().getLong());
        }
        this.fast = fast(hashKey);
    }

    /** Those of a dataset's entry in the catalog. */
    public static ErasedKeys of(Erasure erasure) {
        return erasure.getHashes().isEmpty() ? NONE : new ErasedKeys(erasure);
    }

    /** What the hashes of a dataset without erased keys are to be keyed with. */
    public static ByteString newHashKey(RandomGenerator random) {
        byte[] hashKey = new byte[ErasedHashes.HASH_KEY_BYTES];
        random.nextBytes(hashKey);
        return ByteString.copyFrom(hashKey);
    }

    /** The hashes of keys, for the catalog. */
    public static Set<ByteString> hashes(ByteString hashKey, Collection<byte[]> keys) {
        Hasher64 fast = fast(hashKey);
        Set<ByteString> hashes = new HashSet<>();
        for (byte[] key : keys) {
            hashes.add(hash(hashKey, fast.hashBytesToLong(key), key));
        }
        return hashes;
    }

    /** How many there are. */
    public int size() {
        return hashes.size();
    }

    public boolean contains(byte[] key) {
        if (hashes.isEmpty()) {
            return false;
        }
        long first = fast.hashBytesToLong(key);
        return firstHalves.contains(first) && hashes.contains(hash(hashKey, first, key));
    }

    private static Hasher64 fast(ByteString hashKey) {
        return Hashing.xxh3_64(
                hashKey.isEmpty() ? 0 : hashKey.asReadOnlyByteBuffer().getLong());
    }

    private static ByteString hash(ByteString hashKey, long first, byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(hashKey.toByteArray(), ALGORITHM));
            ByteBuffer hash = ByteBuffer.allocate(ErasedHashes.HASH_BYTES);
            hash.putLong(first).put(mac.doFinal(key), 0, HALF_BYTES).flip();
            return ByteString.copyFrom(hash);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }
}
