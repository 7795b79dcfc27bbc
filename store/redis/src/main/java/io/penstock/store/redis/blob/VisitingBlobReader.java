package io.penstock.store.redis.blob;

import io.netty.channel.EventLoop;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.redis.connection.RedisErrors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A reader for a loop that connections cannot live on: it takes a turn's reads to a loop of the store and brings each
 * answer back, copied. For the few reads of what is not on the read path.
 */
final class VisitingBlobReader implements BlobReader {
    private final RedisBlobReader there;
    private final EventLoop thereLoop;
    private final EventLoopHandle here;
    private final int pendingMax;

    // Confined to the caller's loop.
    private List<Visit> turn = new ArrayList<>();
    private final Set<Visit> pending = new HashSet<>();
    private boolean closed;

    VisitingBlobReader(RedisBlobReader there, EventLoopHandle here, int pendingMax) {
        this.there = there;
        this.thereLoop = there.loop();
        this.here = here;
        this.pendingMax = pendingMax;
    }

    @Override
    public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
        assert here.inEventLoop() : "blob reader used off its event loop";
        if (closed) {
            callback.failed(closedException());
        } else if (pending.size() >= pendingMax) {
            callback.failed(new StoreException(
                    StoreException.Code.OVERLOADED,
                    pendingMax + " reads of this event loop are unanswered (pending_reads); try again later"));
        } else {
            Visit visit = new Visit(address, consistency, callback);
            pending.add(visit);
            turn.add(visit);
        }
    }

    @Override
    public void flush() {
        if (turn.isEmpty()) {
            return;
        }
        List<Visit> leaving = turn;
        turn = new ArrayList<>();
        try {
            thereLoop.execute(() -> {
                for (Visit visit : leaving) {
                    there.get(visit.address, visit.consistency, visit);
                }
                there.flush();
            });
        } catch (RejectedExecutionException e) { // the store is closed
            leaving.forEach(visit -> end(visit, null, closedException()));
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        turn.clear();
        for (Visit visit : List.copyOf(pending)) {
            end(visit, null, closedException());
        }
        try {
            thereLoop.execute(there::close);
        } catch (RejectedExecutionException e) {
            closed = true; // the store was closed before, and the reader there with it
        }
    }

    /** Answers a visit, unless it was answered when the reader was closed. */
    private void end(Visit visit, byte @Nullable [] value, @Nullable StoreException error) {
        if (!pending.remove(visit)) {
            return;
        }
        if (error != null) {
            visit.callback.failed(error);
        } else if (value == null) {
            visit.callback.missing();
        } else {
            visit.callback.found(ByteBuffer.wrap(value));
        }
    }

    private static StoreException closedException() {
        return RedisErrors.closed("blob reader");
    }

    /** A read on its way. Its methods run on the store's loop. */
    private final class Visit implements BlobCallback {
        private final BlobAddress address;
        private final Consistency consistency;
        private final BlobCallback callback;

        Visit(BlobAddress address, Consistency consistency, BlobCallback callback) {
            this.address = address;
            this.consistency = consistency;
            this.callback = callback;
        }

        @Override
        public void found(ByteBuffer sealed) {
            byte[] copy = new byte[sealed.remaining()];
            sealed.get(copy);
            here.executor().execute(() -> end(this, copy, null));
        }

        @Override
        public void missing() {
            here.executor().execute(() -> end(this, null, null));
        }

        @Override
        public void failed(StoreException error) {
            here.executor().execute(() -> end(this, null, error));
        }
    }
}
