package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The channel that a client, its sessions and its watches share, and whether it is still open. Thread-safe. */
final class Connection {
    /** How long calls under way may go on when the client is closed. */
    private static final long CLOSE_SECONDS_MAX = 5;

    private final Channel channel;
    private final @Nullable ManagedChannel owned;
    private final CallOptions options;
    private final BatchLimits batchLimits;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    /** Set by whoever closes, read by every call. */
    private volatile boolean closed;

    /** Set by the first answer, read by whoever chooses a deadline: before it there is a connection to be made. */
    private volatile boolean answered;

    /** @param owned the channel if it is ours to close */
    Connection(Channel channel, @Nullable ManagedChannel owned, CallOptions options, BatchLimits batchLimits) {
        this.channel = channel;
        this.owned = owned;
        this.options = options;
        this.batchLimits = batchLimits;
    }

    Channel channel() {
        if (closed) {
            throw new IllegalStateException("client: closed (expected: open for as long as it is used)");
        }
        return channel;
    }

    void gotAnswer() {
        if (!answered) {
            answered = true;
        }
    }

    boolean hasAnswered() {
        return answered;
    }

    CallOptions options() {
        return options;
    }

    BatchLimits batchLimits() {
        return batchLimits;
    }

    /** Called before the watch starts, so that neither its end nor ours can be missed. */
    void opening(Watch watch) {
        watches.add(watch);
        if (closed) {
            watch.close();
        }
    }

    void ended(Watch watch) {
        watches.remove(watch);
    }

    void close() {
        closed = true;
        watches.forEach(Watch::close);
        if (owned == null) {
            return;
        }
        owned.shutdown();
        try {
            if (!owned.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                owned.shutdownNow();
            }
        } catch (InterruptedException e) {
            owned.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
