package io.penstock.publisher.stored;

/** How many buckets are read at once: few enough that a batch stays near {@value #BYTES_AIM} bytes. */
public final class BucketBatches {
    /** How many batches are read ahead, or are on the way, at a time. */
    public static final int UNDER_WAY_MAX = 4;

    private static final int BUCKETS_MAX = 64;
    private static final long BYTES_AIM = 1 << 20;

    private BucketBatches() {}

    /**
     * How many buckets make a batch; at least one.
     *
     * @param bytes of all the buckets to choose from
     * @param buckets how many these are
     */
    public static int size(long bytes, long buckets) {
        long meanBytes = Math.max(1, bytes / Math.max(1, buckets));
        return (int) Math.max(1, Math.min(BUCKETS_MAX, BYTES_AIM / meanBytes));
    }
}
