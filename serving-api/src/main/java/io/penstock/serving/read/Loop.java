package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.cache.NearCache;
import io.penstock.serving.read.cache.RowKey;
import io.penstock.serving.read.codec.ValueCutter;
import io.penstock.serving.read.codec.WireWriter;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogChecks;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.ViewHolder;
import io.penstock.store.DatasetId;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.layout.BucketScanner;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the reads of one event loop share. Confined to the loop, but for what others share with it; hot. */
final class Loop {
    /** The longest name a dataset can have in a request: namespace, slash, name. */
    private static final int DATASET_BYTES_MAX = 63 + 1 + 128;

    /** Look-ups tell the near cache what is asked for if so many bits of a random number are 0: one in eight. */
    private static final int TOLD_BITS = 3;

    /** A caller's deadline and ours are the same but for the way here and a tick of the wheel. */
    private static final long CALLERS_CLOCK_NANOS = 5_000_000;

    final ReadLimits limits;
    final NearCache cache;
    final ViewHolder views;
    final ReadFailures failures;
    final ReadMetrics metrics;
    final VersionChoice choice;
    final DeadlineWheel deadlines;
    final BucketFetches fetches;
    final CatalogRefreshes refreshes;
    final RowKey probe = RowKey.probe();
    final WireWriter writer = new WireWriter();
    final ValueCutter cutter = new ValueCutter();

    /** Of the keys of the batch group in hand: their hashes, and the generations of their buckets. */
    final long[] keyHashes;

    final long[] keyGenerations;
    /** Keeps what was touched from being optimized away. */
    int touched;

    private final EventLoopHandle handle;
    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private final Map<DatasetId, ForDataset> datasetMetrics = new HashMap<>();
    private int dice;
    private @Nullable DatasetId lastDataset;
    private @Nullable ForDataset lastMetrics;

    Loop(ReadPaths shared, EventLoopHandle handle, LoopTimer timer, BlobReader reader) {
        this.handle = handle;
        limits = shared.limits;
        keyHashes = new long[limits.batchKeys()];
        keyGenerations = new long[limits.batchKeys()];
        cache = shared.cache;
        views = shared.sources.views();
        CatalogChecks checks = shared.sources.checks();
        failures = shared.failures;
        metrics = shared.metrics;
        nanoClock = shared.nanoClock;
        clock = shared.clock;
        choice = new VersionChoice(shared.sources.pinned(), clock, limits.fields());
        deadlines = new DeadlineWheel(timer, nanoClock);
        fetches = new BucketFetches(
                handle, reader, checks, shared.sources.losses(), deadlines, limits, nanoClock, metrics);
        refreshes = new CatalogRefreshes(handle, checks, fetches);
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** What counts for a dataset; neighbouring requests mostly want the same. */
    ForDataset metricsOf(DatasetId dataset) {
        if (lastMetrics == null || !dataset.equals(lastDataset)) {
            lastMetrics = datasetMetrics.computeIfAbsent(dataset, metrics::forDataset);
            lastDataset = dataset;
        }
        return lastMetrics;
    }

    /** What the near cache has under a key; null if nothing of the generation the view names. Step 3 of the read path. */
    @Nullable
    CachedRow cached(DatasetId dataset, byte[] bytes, int offset, int length, long hash, long generation) {
        probe.point(dataset, bytes, offset, length, hash);
        dice = dice * 1_664_525 + 1_013_904_223; // a period would tell of the same keys of a repeated batch each time
        return dice >>> (Integer.SIZE - TOLD_BITS) == 0 ? cache.find(probe, generation) : cache.peek(probe, generation);
    }

    /** What is wrong with a key's length; unspecified if nothing is. */
    Reason whyNoKey(int length) {
        if (length == 0) {
            return Reason.REASON_EMPTY_KEY;
        }
        return length > limits.keyBytes() ? Reason.REASON_KEY_TOO_LONG : Reason.REASON_UNSPECIFIED;
    }

    /** Why a view has no dataset under a name. */
    static Reason whyNoDataset(ServingView view, byte[] bytes, int offset, int length) {
        return length > DATASET_BYTES_MAX
                ? Reason.REASON_INVALID_DATASET
                : view.whyMissing(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }

    /** What a row means to a caller who has {@code ifGeneration} of its bucket. Expiry first: it passes without a swap. */
    Outcome outcomeOf(DatasetView version, CachedRow row, long ifGeneration) {
        long expiresAtMillis = row.expiresAtMillis();
        if (expiresAtMillis == BucketScanner.NEVER && row.hasValue()) {
            expiresAtMillis = version.rowsExpireAtMillis();
        }
        if (expiresAtMillis != BucketScanner.NEVER && clock.millis() >= expiresAtMillis) {
            return Outcome.OUTCOME_EXPIRED;
        }
        if (ifGeneration != 0 && ifGeneration == row.generation()) {
            return Outcome.OUTCOME_UNCHANGED;
        }
        return row.hasValue() ? Outcome.OUTCOME_FOUND : Outcome.OUTCOME_ABSENT;
    }

    /** Runs a task on the loop, from any thread. */
    void execute(Runnable task) {
        handle.executor().execute(task);
    }

    /** Sees to it that a deadline is in the wheel. */
    void bound(Deadline deadline, long atNanos) {
        if (!deadline.isInWheel()) {
            deadlines.add(deadline, atNanos);
        }
    }

    /** Whether a caller who gives up has done so because of the deadline, a moment before it is seen here. */
    boolean isAlmostDue(long deadlineAtNanos) {
        return nanoTime() - deadlineAtNanos >= -CALLERS_CLOCK_NANOS;
    }

    /** Counts a call that has just been ended unanswered, if its deadline is what ended it. */
    void countOverdue(long deadlineAtNanos) {
        long late = nanoTime() - deadlineAtNanos;
        if (late >= 0) {
            metrics.overdue(late);
        }
    }

    /** A field that is set by now. */
    static <T> T known(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
