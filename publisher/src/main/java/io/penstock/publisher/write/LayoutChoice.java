package io.penstock.publisher.write;

import io.penstock.store.layout.BucketLayout;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how many buckets a version has. A mean bucket of 1 KB fits one packet; larger rows get a bucket each. The
 * parent's layout stays as long as it is not far off, because a new one means writing everything.
 */
public final class LayoutChoice {
    private static final int BUCKET_BYTES_AIM = 1 << 10;
    /** The parent's layout stays while the mean bucket is at least half and at most four times the aim. */
    private static final double SHORTFALL_MAX = 0.5;

    private static final double EXCESS_MAX = 4.0;

    private LayoutChoice() {}

    /**
     * Chooses a layout.
     *
     * @param bytes of all keys and values
     * @param parent the layout of the version before, if there is one; its seed is inherited
     * @param freshSeed the seed of a first version
     */
    public static BucketLayout choose(long rows, long bytes, @Nullable BucketLayout parent, long freshSeed) {
        double aim = Math.max(BUCKET_BYTES_AIM, rows == 0 ? 0 : (double) bytes / rows);
        int bits = bits(bytes / aim);
        if (parent == null) {
            return new BucketLayout(bits, freshSeed);
        }
        double mean = (double) bytes / parent.buckets();
        boolean closeEnough = mean >= SHORTFALL_MAX * aim && mean <= EXCESS_MAX * aim;
        return closeEnough ? parent : new BucketLayout(bits, parent.seed());
    }

    /**
     * Chooses a layout for the parent's rows and what is applied to them, before it is known how many of those are new. The
     * parent's stays while it would do if none were; a new one is chosen for half of them being new, which is right
     * within a factor of 1.5 and so is kept by the next publication.
     *
     * @param bytes of the keys and values that are applied
     * @param parentBytes of all buckets of the parent
     */
    public static BucketLayout chooseForUpdate(
            long rows, long bytes, long parentRows, long parentBytes, BucketLayout parent) {
        long rowsAtLeast = Math.max(rows, parentRows);
        long bytesAtLeast = Math.max(bytes, parentBytes);
        if (choose(rowsAtLeast, bytesAtLeast, parent, parent.seed()).equals(parent)) {
            return parent;
        }
        long rowsAbout = (rowsAtLeast + rows + parentRows) / 2;
        long bytesAbout = (bytesAtLeast + bytes + parentBytes) / 2;
        return choose(rowsAbout, bytesAbout, null, parent.seed());
    }

    private static int bits(double buckets) {
        double log2 = Math.log(Math.max(1, buckets)) / Math.log(2);
        return Math.min(BucketLayout.BITS_MAX, Math.max(BucketLayout.BITS_MIN, (int) Math.round(log2)));
    }
}
