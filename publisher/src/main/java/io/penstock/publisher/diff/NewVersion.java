package io.penstock.publisher.diff;

import io.penstock.publisher.sort.SortedRows;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.write.BucketStream;
import io.penstock.publisher.write.VersionSink;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import java.util.List;
import java.util.Set;

/**
 * Makes a version out of the rows of a source and the version before it. Whatever the mode, buckets that do not change are
 * not written, and every row that changes is told. Used once; not thread-safe.
 */
public final class NewVersion {
    private final long generation;
    private final long version;
    private final BucketLayout layout;
    private final Parent parent;
    private final Set<LostBucket> lost;
    private final StoredBlobs stored;
    private final VersionSink sink;
    private final Changes counts = new Changes();
    private final RowChanges changes;

    /**
     * Nothing is done yet.
     *
     * @param generation the publication's own
     * @param version the number it has
     * @param layout of the new version
     * @param lost buckets that servers could not read; they are written again even if nothing changed
     * @param listener told of every row that changes, besides the counts
     */
    public NewVersion(
            long generation,
            long version,
            BucketLayout layout,
            Parent parent,
            Set<LostBucket> lost,
            StoredBlobs stored,
            VersionSink sink,
            RowChanges listener) {
        this.generation = generation;
        this.version = version;
        this.layout = layout;
        this.parent = parent;
        this.lost = lost;
        this.stored = stored;
        this.sink = sink;
        this.changes = RowChanges.both(counts, listener);
    }

    /**
     * What came of it.
     *
     * @param chunkGenerations for the manifest
     * @param sameBuckets whether the version is the parent, bucket by bucket
     */
    public record Result(List<Long> chunkGenerations, Changes changes, boolean sameBuckets) {}

    /** Takes the source's rows as the rules say. */
    public Result make(SortedRows rows, RowRules rules) {
        List<Long> chunkGenerations = chunkGenerations(rows, rules);
        sink.finish();
        boolean same = parent.hasLayout(layout)
                && chunkGenerations.equals(parent.requireManifest().getChunkGenerationsList());
        return new Result(chunkGenerations, counts, same);
    }

    private List<Long> chunkGenerations(SortedRows rows, RowRules rules) {
        Manifest manifest = parent.manifest();
        if (rules.keepsOthers()) {
            counts.keepOthers();
            if (parent.isUnreadable()) {
                throw UnreadableParent.of(stored.dataset(), "the manifest");
            }
            return parent.hasLayout(layout) ? new VersionUpdate(this, rules).run(rows) : merged(rows, rules);
        }
        if (manifest == null) {
            return diff(rows, rules, new AllChanged(changes, version, parent.exists()));
        }
        if (parent.hasLayout(layout)) {
            return diff(rows, rules, new ComparedBuckets(stored, counts, changes, version, manifest));
        }
        return merged(rows, rules);
    }

    private List<Long> diff(SortedRows rows, RowRules rules, BucketChanges bucketChanges) {
        return new VersionDiff(this, bucketChanges).run(new BucketStream(rows, layout, rules.limits()));
    }

    private List<Long> merged(SortedRows rows, RowRules rules) {
        Manifest manifest = parent.manifest();
        ParentRows before =
                manifest == null ? ParentRows.none(stored) : new ParentRows(stored, manifest, rules.keepsOthers());
        RowMerge merge = new RowMerge(rows, before, rules, version, counts, changes);
        List<Long> chunkGenerations = diff(merge, rules, BucketChanges.TOLD);
        counts.unreadable(before.bucketsUnreadable());
        return chunkGenerations;
    }

    NewChunk chunk(int chunk) {
        return new NewChunk(chunk, generation, layout, sink, counts);
    }

    boolean isLost(long oldGeneration, int bucket) {
        return !lost.isEmpty()
                && lost.contains(LostBucket.newBuilder()
                        .setGeneration(oldGeneration)
                        .setBucket(bucket)
                        .build());
    }

    Set<LostBucket> lost() {
        return lost;
    }

    long version() {
        return version;
    }

    BucketLayout layout() {
        return layout;
    }

    Parent parent() {
        return parent;
    }

    StoredBlobs stored() {
        return stored;
    }

    Changes counts() {
        return counts;
    }

    /** Counts them, too. */
    RowChanges changes() {
        return changes;
    }
}
