package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The channel that a client, its sessions and its watches share, and whether it is still open. Thread-safe. */
final class Connection {
    /** How long calls under way may go on when the client is closed. */
    private static final long CLOSE_SECONDS_MAX = 5;

    /** gRPC waits for up to two minutes before it tries a server again that was away; by then others may be, too. */
    private static final long RECONNECT_SECONDS_MAX = 5;

    private static final int BATCH_RETRY_PERCENT_MAX = 10;

    private final String target;
    private final Channel channel;
    private final @Nullable ManagedChannel owned;
    private final CallOptions options;
    private final BatchLimits batchLimits;
    private final @Nullable RequestHeaders headers;
    private final @Nullable CallObserver observer;
    private final @Nullable Hedging hedging;
    private final Budget budget;
    private final Budget batchRetries = new Budget(BATCH_RETRY_PERCENT_MAX);
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    /** Set by whoever closes, read by every call. */
    private volatile boolean closed;

    /** Set by the first answer, read by whoever chooses a deadline: before it there is a connection to be made. */
    private volatile boolean answered;

    /**
     * @param target what the client reads from, for messages
     * @param owned the channel if it is ours to close
     */
    Connection(String target, Channel channel, @Nullable ManagedChannel owned, ConnectionOptions options) {
        this.target = target;
        this.channel =
                options.headers().isEmpty() ? channel : ClientInterceptors.intercept(channel, new HeaderWriter());
        this.owned = owned;
        this.options = options.calls();
        this.batchLimits = options.batchLimits();
        this.headers = options.headers().orElse(null);
        this.observer = options.observer().orElse(null);
        this.hedging = options.hedging().orElse(null);
        this.budget = new Budget(hedging == null ? 0 : hedging.extraPercentMax());
        if (owned != null) {
            keepTrying(owned);
        }
    }

    /** On the JDK's one thread for delays, so that no thread of our own is needed. */
    private void keepTrying(ManagedChannel servers) {
        CompletableFuture.delayedExecutor(RECONNECT_SECONDS_MAX, TimeUnit.SECONDS, Runnable::run)
                .execute(() -> {
                    if (!closed) {
                        servers.resetConnectBackoff();
                        keepTrying(servers);
                    }
                });
    }

    /** For what has begun: a read that began before the client was closed is told by the channel. */
    Channel channel() {
        return channel;
    }

    /** Whether balancing and retries are ours. */
    boolean ownsChannel() {
        return owned != null;
    }

    void gotAnswer() {
        if (!answered) {
            answered = true;
        }
    }

    boolean hasAnswered() {
        return answered;
    }

    /**
     * The options of a call that begins now and lasts until it is ended.
     *
     * @throws IllegalStateException if the client is closed
     */
    CallOptions options() {
        if (closed) {
            throw new IllegalStateException("client: closed (expected: open for as long as it is used)");
        }
        return options;
    }

    /**
     * The options of all requests of a read that begins now, with what the calling thread has to say.
     *
     * @throws IllegalStateException if the client is closed
     */
    CallOptions options(Deadline deadline) {
        CallOptions read = options().withDeadline(deadline);
        return headers == null ? read : read.withOption(HeaderWriter.CAPTURED, headers.capture());
    }

    /** What a call that failed as a whole is to its caller. */
    PenstockException failure(String what, Throwable failure) {
        Status.Code code = Status.fromThrowable(failure).getCode();
        boolean cutOff = code == Status.Code.UNAVAILABLE || code == Status.Code.CANCELLED;
        return closed && cutOff ? Failures.closed(what, failure) : Failures.ofCall(what, target, failure);
    }

    @Nullable
    CallObserver observer() {
        return observer;
    }

    /** Whether a second server is asked when the first is slow. */
    boolean hedges(MethodDescriptor<?, ?> method) {
        return hedging != null
                && (method == ServingServiceGrpc.getGetMethod() || method == ServingServiceGrpc.getBatchGetMethod());
    }

    long hedgeDelayNanos() {
        return hedging == null ? 0 : hedging.delay().toNanos();
    }

    /** Of second requests. */
    Budget budget() {
        return budget;
    }

    /** Of batches that are asked again because a server could not answer for one of their datasets. */
    Budget batchRetries() {
        return batchRetries;
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
