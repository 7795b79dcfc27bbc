package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.codec.BatchKeys;
import io.penstock.serving.read.codec.FieldSelection;
import io.penstock.serving.read.codec.RequestBytes;
import io.penstock.serving.read.codec.RequestOptions;
import io.penstock.serving.read.codec.Utf8;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import io.penstock.store.layout.BucketLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One {@code BatchGet}: steps 1 to 5 of the read path for many keys, and hot. All of its groups are read from one view,
 * whatever happens: when one version is retired under it, everything starts over on the present view. Missing keys are
 * sorted by bucket, so that a bucket is fetched once. Confined to its loop.
 */
final class BatchCall extends Deadline implements ReadCall, CatalogRefreshes.Waiting {
    private final Loop loop;
    private final BatchResponseEncoder response;
    private final BatchKeys keys;
    private final BatchRows rows;
    private final long startNanos;
    private final long deadlineAtNanos;
    private final ResponseSink sink;

    private byte[] bytes = new byte[0];
    private int base;
    private boolean ownsBytes;
    private @Nullable BatchShare shares;
    private boolean asking;
    private boolean refreshed;
    private Set<String> refreshing = Set.of();
    private int refreshesOpen;
    private int redos;
    private boolean ended;

    BatchCall(
            Loop loop,
            BatchResponseEncoder response,
            BatchKeys keys,
            long startNanos,
            long deadlineAtNanos,
            ResponseSink sink) {
        this.loop = loop;
        this.response = response;
        this.keys = keys;
        this.rows = new BatchRows(keys);
        this.startNanos = startNanos;
        this.deadlineAtNanos = deadlineAtNanos;
        this.sink = sink;
    }

    /** Begins with the request in hand; copies it only if it has to wait. */
    ReadCall start(RequestBytes request) {
        bytes = request.array();
        base = request.from();
        attempt(request.buffer(), request.inBuffer(base), request, startNanos);
        return ended ? ReadCall.ANSWERED : this;
    }

    private void startAgain() {
        if (ended) {
            return;
        }
        dropShares();
        rows.clear();
        long nowNanos = loop.nanoTime();
        if (nowNanos - deadlineAtNanos >= 0) {
            expired();
            return;
        }
        attempt(ByteBuffer.wrap(bytes), 0, null, nowNanos);
    }

    private void attempt(ByteBuffer names, int namesBase, @Nullable RequestBytes request, long nowNanos) {
        ServingView view = loop.views.current();
        Set<String> behind = null;
        for (int group = 0; group < keys.groups(); group++) {
            DatasetStatus dataset = view.find(names, namesBase + keys.datasetOffset(group), keys.datasetLength(group));
            Reason refusal = choose(view, dataset, group);
            if (refusal == Reason.REASON_REVISION_NOT_REACHED && !refreshed && dataset != null) {
                behind = behind == null ? new TreeSet<>() : behind;
                behind.add(dataset.id().namespace());
            }
            if (refusal != Reason.REASON_UNSPECIFIED) {
                rows.refuse(group, refusal);
            }
        }
        if (behind != null) {
            own(request);
            refresh(behind);
            return;
        }
        rows.bound(response.rowBytesMax(rows));
        asking = true; // a store that answers in place must not end the call before every group was looked at
        for (int group = 0; group < keys.groups(); group++) {
            DatasetView version = rows.version(group);
            if (version != null) {
                read(group, version, request, nowNanos);
            }
        }
        asking = false;
        settle();
    }

    /** Chooses the version a group is read from; unspecified, or why there is none. */
    private Reason choose(ServingView view, @Nullable DatasetStatus dataset, int group) {
        if (dataset == null) {
            return Loop.whyNoDataset(view, bytes, base + keys.datasetOffset(group), keys.datasetLength(group));
        }
        RequestOptions options = keys.options(group);
        if (options.ifGeneration() != 0) {
            return Reason.REASON_MALFORMED_REQUEST;
        }
        DatasetView version = loop.choice.choose(dataset, options, startNanos);
        if (version == null) {
            return loop.choice.reason();
        }
        rows.readFrom(group, version);
        return Reason.REASON_UNSPECIFIED;
    }

    private void refresh(Set<String> namespaces) {
        refreshed = true;
        if (loop.fetches.isFull()) {
            startAgain();
            return;
        }
        loop.bound(this, deadlineAtNanos);
        rows.clear();
        refreshing = namespaces;
        refreshesOpen = namespaces.size();
        for (String namespace : namespaces) {
            loop.refreshes.join(namespace, this);
        }
    }

    @Override
    public void refreshed() {
        refreshesOpen--;
        if (refreshesOpen == 0) {
            refreshing = Set.of();
            startAgain();
        }
    }

    private void read(int group, DatasetView version, @Nullable RequestBytes request, long nowNanos) {
        int first = keys.firstKey(group);
        int end = keys.endKey(group);
        approach(first, end, version);
        BucketLayout layout = version.layout();
        FieldSelection fields = keys.options(group).fields();
        long[] misses = null;
        int missCount = 0;
        int hits = 0;
        for (int key = first; key < end; key++) {
            int offset = base + keys.keyOffset(key);
            int length = keys.keyLength(key);
            Reason wrong = loop.whyNoKey(length);
            if (wrong != Reason.REASON_UNSPECIFIED) {
                rows.fail(key, wrong);
                continue;
            }
            if (!rows.isOpen(key)) {
                continue; // it would not fit
            }
            rows.expect(key, null);
            long hash = loop.keyHashes[key - first];
            long generation = loop.keyGenerations[key - first];
            if (generation != 0) {
                CachedRow row = loop.cached(version.id(), bytes, offset, length, hash, generation);
                if (row != null) {
                    answer(version, key, row, fields);
                    hits++;
                    continue;
                }
            }
            if (!Utf8.isValid(bytes, offset, length)) { // what is cached is: it was checked before
                rows.fail(key, Reason.REASON_KEY_NOT_UTF8);
                continue;
            }
            if (generation == 0) {
                answer(version, key, CachedRow.EMPTY_BUCKET, fields);
                continue;
            }
            if (misses == null) {
                misses = new long[end - key];
            }
            misses[missCount++] = (long) layout.bucketOf(hash) << 32 | key;
        }
        ForDataset metrics = loop.metricsOf(version.id());
        if (hits > 0) {
            metrics.cacheHits(hits);
        }
        if (misses != null) {
            metrics.cacheMisses(missCount);
            own(request);
            fetch(version, keys.options(group), misses, missCount, metrics, nowNanos);
        }
    }

    /**
     * Hashes the keys of a group and reads what the near cache's index has for them, all before any is looked up: each waits
     * for the memory several times, and so they wait together.
     */
    private void approach(int first, int end, DatasetView version) {
        BucketLayout layout = version.layout();
        for (int key = first; key < end; key++) {
            int length = keys.keyLength(key);
            if (loop.whyNoKey(length) == Reason.REASON_UNSPECIFIED && rows.isOpen(key)) {
                long hash = layout.hash(bytes, base + keys.keyOffset(key), length);
                loop.keyHashes[key - first] = hash;
                loop.keyGenerations[key - first] = version.generationOf(layout.bucketOf(hash));
                rows.expect(key, loop.cache.likely(version.id(), hash));
            }
        }
        int touched = 0;
        for (int key = first; key < end; key++) {
            CachedRow likely = rows.expected(key);
            if (likely != null) {
                touched += likely.touch();
            }
        }
        loop.touched = touched;
    }

    /** Fetches the buckets of missing keys, each {@code bucket << 32 | key}. */
    private void fetch(
            DatasetView version, RequestOptions options, long[] misses, int count, ForDataset metrics, long nowNanos) {
        Arrays.sort(misses, 0, count);
        int to;
        for (int from = 0; from < count; from = to) {
            int bucket = (int) (misses[from] >>> 32);
            to = from + 1;
            while (to < count && (int) (misses[to] >>> 32) == bucket) {
                to++;
            }
            if (!isOneOpen(misses, from, to)) {
                continue; // none would fit, by what a store answered in place
            }
            BatchShare share = new BatchShare(this, version, options, misses, from, to, shares);
            shares = share;
            loop.fetches.join(version, bucket, version.generationOf(bucket), metrics, share, nowNanos);
        }
    }

    private boolean isOneOpen(long[] misses, int from, int to) {
        for (int i = from; i < to; i++) {
            if (rows.isOpen((int) misses[i])) {
                return true;
            }
        }
        return false;
    }

    /** Copies the request before this turn ends, for the bytes in hand are the next one's. */
    private void own(@Nullable RequestBytes request) {
        if (ownsBytes || request == null) {
            return;
        }
        bytes = Arrays.copyOfRange(bytes, base, base + request.length());
        base = 0;
        ownsBytes = true;
    }

    private void answer(DatasetView version, int key, CachedRow row, @Nullable FieldSelection fields) {
        Outcome outcome = loop.outcomeOf(version, row, 0);
        if (fields == null || outcome != Outcome.OUTCOME_FOUND) {
            rows.answer(key, outcome, row);
            return;
        }
        byte[] value = loop.cutter.cut(row.bytes(), row.valueLength(), fields);
        if (value == null) {
            rows.fail(key, Reason.REASON_BUCKET_CORRUPT);
        } else if (value == row.bytes()) {
            rows.answer(key, outcome, row);
        } else {
            rows.answer(key, outcome, CachedRow.found(row.generation(), value, row.expiresAtMillis()));
        }
    }

    /** Finds the keys of a share in their bucket; false if the bucket makes no sense. */
    boolean arrived(BatchShare share, ByteBuffer bucket, RowFinder finder) {
        DatasetView version = share.version();
        for (int i = share.from(); i < share.to(); i++) {
            int key = share.key(i);
            if (!ended && !rows.isOpen(key)) {
                continue;
            }
            int offset = base + keys.keyOffset(key);
            int length = keys.keyLength(key);
            CachedRow row = finder.find(bucket, bytes, offset, length);
            if (row == null) {
                return false;
            }
            if (share.isCacheable() && finder.isFresh()) {
                long hash = version.layout().hash(bytes, offset, length);
                loop.cache.put(loop.probe.point(version.id(), bytes, offset, length, hash), row);
            }
            if (!ended) {
                answer(version, key, row, share.fields());
            }
        }
        settle();
        return true;
    }

    /** Fails the keys of a share that have no answer. */
    void failed(BatchShare share, Reason reason) {
        if (ended) {
            return;
        }
        for (int i = share.from(); i < share.to(); i++) {
            if (rows.isOpen(share.key(i))) {
                rows.fail(share.key(i), reason);
            }
        }
        settle();
    }

    /** A version was retired under the batch: everything starts over, for all groups are read from one view. */
    void retired() {
        if (ended) {
            return;
        }
        redos++;
        if (redos <= GetCall.REDOS_MAX) {
            startAgain();
        } else {
            failOpenKeys(Reason.REASON_VERSION_LOADING);
        }
    }

    @Override
    void expired() {
        expireShares();
        failOpenKeys(loop.fetches.isClosed() ? Reason.REASON_STORE_UNREACHABLE : Reason.REASON_DEADLINE_EXCEEDED);
        loop.countOverdue(deadlineAtNanos);
    }

    /** Their buckets are still worth caching. */
    private void expireShares() {
        for (BatchShare share = shares; share != null; share = share.nextShare()) {
            share.expire();
        }
        shares = null;
    }

    private void failOpenKeys(Reason reason) {
        dropShares();
        for (int key = 0; key < keys.keys(); key++) {
            if (rows.isOpen(key)) {
                rows.fail(key, reason);
            }
        }
        settle();
    }

    @Override
    public void cancel() {
        if (!ended) {
            loop.countOverdue(deadlineAtNanos);
        }
        if (loop.isAlmostDue(deadlineAtNanos)) {
            expireShares();
        }
        end();
    }

    /** Answers if every key has its answer, else sees to it that there is one at the deadline. */
    private void settle() {
        if (asking || ended) {
            return;
        }
        if (rows.open() > 0) {
            loop.bound(this, deadlineAtNanos);
            return;
        }
        end();
        sink.success(response.point(rows));
        response.done();
        count();
    }

    private void count() {
        for (int group = 0; group < keys.groups(); group++) {
            DatasetView version = rows.version(group);
            if (version != null) {
                rows.count(group, loop.metricsOf(version.id()));
            }
        }
        loop.metrics.batchAnswered(keys.keys(), loop.nanoTime() - startNanos);
    }

    private void end() {
        ended = true;
        loop.deadlines.remove(this);
        for (String namespace : refreshing) {
            loop.refreshes.leave(namespace, this);
        }
        refreshing = Set.of();
        dropShares();
    }

    private void dropShares() {
        for (BatchShare share = shares; share != null; share = share.nextShare()) {
            share.leave();
        }
        shares = null;
    }
}
