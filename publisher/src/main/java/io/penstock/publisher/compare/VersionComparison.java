package io.penstock.publisher.compare;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import java.util.function.Consumer;

/**
 * Streams the rows that differ between two stored versions. What is the same is mostly not read at all: chunks and buckets
 * of one generation are one blob, and buckets that were written again with the same content have the same digest. Versions
 * of different layouts are merged row by row. Memory is bounded by a few batches of buckets.
 */
public final class VersionComparison {
    private final StoredBlobs stored;
    private final Manifest before;
    private final Manifest after;
    private final Consumer<RowDifference> each;

    private long added;
    private long updated;
    private long removed;

    /** @param each is given every row that differs, in the order of the rows' hashes */
    public VersionComparison(StoredBlobs stored, Manifest before, Manifest after, Consumer<RowDifference> each) {
        this.stored = stored;
        this.before = before;
        this.after = after;
        this.each = each;
    }

    /**
     * Compares.
     *
     * @throws PublisherException {@code DATA_LOSS} if something that had to be read is missing or damaged
     */
    public ComparisonReport run() {
        BucketLayout old = BucketLayout.of(before.getLayout());
        BucketLayout now = BucketLayout.of(after.getLayout());
        if (old.seed() != now.seed()) {
            throw new PublisherException(
                    Category.REFUSED,
                    "NOT_COMPARABLE",
                    stored.dataset() + ": versions " + before.getNumber() + " and " + after.getNumber()
                            + " order their rows differently, because between them a version was published without a"
                            + " readable one before it; compare versions that are both older or both newer");
        }
        long compared;
        if (old.equals(now)) {
            compared = new BucketComparison(stored, before, after, this::found).run();
        } else {
            MergeComparison merge = new MergeComparison(stored, before, after, this::found);
            merge.run();
            compared = before.getBuckets() + after.getBuckets();
        }
        return new ComparisonReport(before, after, added, updated, removed, compared);
    }

    private void found(RowDifference difference) {
        switch (difference.kind()) {
            case ADDED -> added++;
            case UPDATED -> updated++;
            case REMOVED -> removed++;
        }
        each.accept(difference);
    }

    static PublisherException damaged(StoredBlobs stored, Manifest version, String what) {
        return new PublisherException(
                Category.DATA_LOSS,
                "VERSION_DAMAGED",
                stored.dataset() + ": version " + version.getNumber() + " cannot be read whole: " + what
                        + "; see 'penstock verify " + stored.dataset().name() + " --version " + version.getNumber()
                        + "'");
    }
}
