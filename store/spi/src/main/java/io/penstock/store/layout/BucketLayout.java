package io.penstock.store.layout;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.penstock.storage.v1.Layout;

/**
 * How the keys of a version map to buckets: {@code bucket = XXH3_64(seed, key) >>> (64 − bits)}. The top bits are used
 * so that ordering rows by hash orders them by bucket for every {@code bits}, which makes a change of layout one
 * streaming merge. Immutable and thread-safe.
 */
public final class BucketLayout {
    public static final int BITS_MIN = 1;
    public static final int BITS_MAX = 30;
    /** Buckets in a chunk, as a power of two. */
    public static final int CHUNK_BITS = 13;

    public static final int CHUNK_BUCKETS = 1 << CHUNK_BITS;

    private final int bits;
    private final long seed;
    private final Hasher64 hasher;

    public BucketLayout(int bits, long seed) {
        if (bits < BITS_MIN || bits > BITS_MAX) {
            throw new IllegalArgumentException("bits: " + bits + " (expected: " + BITS_MIN + " to " + BITS_MAX + ")");
        }
        this.bits = bits;
        this.seed = seed;
        this.hasher = Hashing.xxh3_64(seed);
    }

    public static BucketLayout of(Layout layout) {
        return new BucketLayout(layout.getBits(), layout.getSeed());
    }

    public Layout toProto() {
        return Layout.newBuilder().setBits(bits).setSeed(seed).build();
    }

    public int bits() {
        return bits;
    }

    public long seed() {
        return seed;
    }

    /** How many buckets there are. */
    public int buckets() {
        return 1 << bits;
    }

    /** How many chunks there are. */
    public int chunks() {
        return bits <= CHUNK_BITS ? 1 : 1 << (bits - CHUNK_BITS);
    }

    /** How many buckets each chunk has. */
    public int bucketsPerChunk() {
        return Math.min(buckets(), CHUNK_BUCKETS);
    }

    public long hash(byte[] key) {
        return hasher.hashBytesToLong(key, 0, key.length);
    }

    public long hash(byte[] bytes, int offset, int length) {
        return hasher.hashBytesToLong(bytes, offset, length);
    }

    public int bucketOf(long hash) {
        return (int) (hash >>> (64 - bits));
    }

    public static int chunkOf(int bucket) {
        return bucket >>> CHUNK_BITS;
    }

    /** A bucket's place within its chunk. */
    public static int indexInChunk(int bucket) {
        return bucket & (CHUNK_BUCKETS - 1);
    }

    /** The digest of a bucket's body; never 0, which stands for an empty bucket. */
    public long digest(byte[] body) {
        long digest = hash(body);
        return digest == 0 ? 1 : digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BucketLayout that && bits == that.bits && seed == that.seed;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(seed) * 31 + bits;
    }

    @Override
    public String toString() {
        return "2^" + bits + " buckets";
    }
}
