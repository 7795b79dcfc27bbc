package io.penstock.serving.read;

import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.cache.RowKey;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HotRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Fetches the rows that were asked for most into the near cache before a view flips, those of changed buckets only, each
 * beside the row it will take the place of. Which rows is found out on the caller's thread; the loops do the fetching,
 * a few buckets at a time, so that reads hardly notice.
 */
final class CachedHotRows implements HotRows {
    /** How many of the hottest rows are looked at. The cache holds its eviction lock that long: about a millisecond. */
    static final int ROWS_MAX = 10_000;

    private final ReadPaths paths;

    CachedHotRows(ReadPaths paths) {
        this.paths = paths;
    }

    @Override
    public CompletionStage<Void> prefetch(DatasetView before, DatasetView after, long deadlineNanos) {
        List<LoopReadPath> loops = List.copyOf(paths.open());
        if (loops.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<List<HotBucket>> shares = new ArrayList<>();
        for (int i = 0; i < loops.size(); i++) {
            shares.add(new ArrayList<>());
        }
        int turn = 0;
        for (HotBucket bucket : changed(after)) {
            shares.get(turn++ % loops.size()).add(bucket);
        }
        CompletableFuture<?>[] runs = new CompletableFuture<?>[loops.size()];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = new Prefetch(loops.get(i).loop(), after, shares.get(i), deadlineNanos).start();
        }
        return CompletableFuture.allOf(runs);
    }

    /** The buckets of hot rows that {@code after} names another generation for, hottest first. */
    private Iterable<HotBucket> changed(DatasetView after) {
        Map<Integer, HotBucket> buckets = new LinkedHashMap<>();
        for (Map.Entry<RowKey, CachedRow> hot : paths.cache.hottest(ROWS_MAX).entrySet()) {
            RowKey key = hot.getKey();
            if (!key.dataset().equals(after.id())) {
                continue;
            }
            long hash = after.layout().hash(key.bytes(), key.offset(), key.length());
            int bucket = after.layout().bucketOf(hash);
            long generation = after.generationOf(bucket);
            if (generation != 0 && hot.getValue().of(generation) == null) {
                RowKey own = RowKey.probe()
                        .point(after.id(), key.bytes(), key.offset(), key.length(), hash)
                        .copy();
                buckets.computeIfAbsent(bucket, number -> new HotBucket(number, generation, new ArrayList<>()))
                        .keys()
                        .add(own);
            }
        }
        return buckets.values();
    }

    /** Hot keys of one bucket. */
    record HotBucket(int bucket, long generation, List<RowKey> keys) {}
}
