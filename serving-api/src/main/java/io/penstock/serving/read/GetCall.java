package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.codec.FieldSelection;
import io.penstock.serving.read.codec.RequestOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A {@code Get} that waits: for its bucket (steps 4 and 5 of the read path, hot) or for the catalog. Confined to its loop. */
final class GetCall extends Waiter implements ReadCall, CatalogRefreshes.Waiting {
    /** How often a call whose version was retired under it starts over. */
    static final int REDOS_MAX = 2;

    final byte[] request;
    final long startNanos;
    final long deadlineAtNanos;
    final ResponseSink sink;

    /** Whether the catalog was read for it: it is once. */
    boolean isRefreshed;

    /** Whether its row may take the place of the one that is cached: not if it is of a pinned version. */
    boolean isCacheable;

    private final Loop loop;
    private final GetReader reader;
    private @Nullable String refreshing;
    private @Nullable DatasetView version;
    private @Nullable ForDataset metrics;
    private int keyOffset;
    private int keyLength;
    private long keyHash;
    private long ifGeneration;
    private @Nullable FieldSelection fields;
    private int redos;
    private boolean ended;

    GetCall(Loop loop, GetReader reader, byte[] request, long startNanos, long deadlineAtNanos, ResponseSink sink) {
        this.loop = loop;
        this.reader = reader;
        this.request = request;
        this.startNanos = startNanos;
        this.deadlineAtNanos = deadlineAtNanos;
        this.sink = sink;
    }

    /** Says what the bucket is wanted for; {@code offset} in {@link #request}. */
    void awaitBucket(
            DatasetView newVersion, ForDataset newMetrics, int offset, int length, long hash, RequestOptions options) {
        version = newVersion;
        metrics = newMetrics;
        keyOffset = offset;
        keyLength = length;
        keyHash = hash;
        ifGeneration = options.ifGeneration();
        fields = options.fields();
    }

    /** Waits for the catalog of a namespace to be read. */
    void awaitCatalog(String namespace) {
        refreshing = namespace;
        loop.refreshes.join(namespace, this);
    }

    @Override
    public void refreshed() {
        refreshing = null;
        goOn();
    }

    /** Sees to it that it has an answer at its deadline. */
    void bound() {
        if (!ended) {
            loop.bound(this, deadlineAtNanos);
        }
    }

    @Override
    boolean arrived(ByteBuffer bucket, RowFinder finder) {
        DatasetView from = Loop.known(version);
        CachedRow row = finder.find(bucket, request, keyOffset, keyLength);
        if (row == null) {
            return false;
        }
        if (isCacheable && finder.isFresh()) {
            loop.cache.put(loop.probe.point(from.id(), request, keyOffset, keyLength, keyHash), row);
        }
        if (ended) {
            return true;
        }
        end();
        reader.answer(from, row, ifGeneration, fields, Loop.known(metrics), startNanos, sink);
        return true;
    }

    @Override
    void failed(Reason reason) {
        if (ended) {
            return;
        }
        end();
        DatasetView of = version;
        sink.failure(
                of == null
                        ? loop.failures.of(reason)
                        : loop.failures.of(reason, of.id().toString()));
        long nanos = loop.nanoTime() - startNanos;
        if (metrics == null) {
            loop.metrics.getFailed(reason, nanos);
        } else {
            metrics.getFailed(reason, nanos);
        }
    }

    @Override
    void retired() {
        redos++;
        if (redos > REDOS_MAX) {
            failed(Reason.REASON_VERSION_LOADING);
        } else {
            goOn();
        }
    }

    /** Starts over on the present view, unless it has been answered or given up meanwhile. */
    void goOn() {
        if (ended) {
            return;
        }
        if (loop.nanoTime() - deadlineAtNanos >= 0) {
            failed(Reason.REASON_DEADLINE_EXCEEDED);
        } else {
            reader.readAgain(this);
        }
    }

    @Override
    void expired() {
        expire();
        failed(loop.fetches.isClosed() ? Reason.REASON_STORE_UNREACHABLE : Reason.REASON_DEADLINE_EXCEEDED);
        loop.countOverdue(deadlineAtNanos);
    }

    @Override
    public void cancel() {
        if (!ended) {
            loop.countOverdue(deadlineAtNanos);
        }
        end();
        if (loop.isAlmostDue(deadlineAtNanos)) {
            expire(); // the bucket is still worth caching
        } else {
            leave();
        }
    }

    /** Needs no answer any more. */
    void end() {
        ended = true;
        loop.deadlines.remove(this);
        if (refreshing != null) {
            loop.refreshes.leave(refreshing, this);
            refreshing = null;
        }
    }
}
