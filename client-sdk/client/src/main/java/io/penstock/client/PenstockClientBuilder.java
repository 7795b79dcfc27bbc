package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes a {@link PenstockClient}. Not thread-safe. */
public final class PenstockClientBuilder {
    /** Finds a dead server behind an idle watch; gRPC servers allow it every five minutes unless told otherwise. */
    private static final long KEEP_ALIVE_MINUTES = 6;

    private final @Nullable String target;
    private final @Nullable Channel channel;
    private @Nullable Duration deadline;
    private @Nullable Executor executor;
    private BatchLimits batchLimits = BatchLimits.DEFAULT;

    PenstockClientBuilder(@Nullable String target, @Nullable Channel channel) {
        this.target = target;
        this.channel = channel;
    }

    /**
     * How long a read may take unless it says otherwise. Above zero. If this is not called, the contract decides, as
     * {@link DatasetReader} says, and without one it is 1 second.
     */
    public PenstockClientBuilder deadline(Duration newDeadline) {
        deadline = newDeadline;
        return this;
    }

    /**
     * Where futures complete and listeners are called; gRPC's shared pool if this is not called. With an executor that
     * runs tasks on the calling thread, that is the network's thread, which must never block.
     */
    public PenstockClientBuilder executor(Executor newExecutor) {
        executor = newExecutor;
        return this;
    }

    /**
     * The most keys of one request of a batch, the server's {@code limits.batch_keys}; larger batches are cut into
     * several requests. 1,000 if this is not called.
     */
    public PenstockClientBuilder batchKeysMax(int keys) {
        if (keys < 1) {
            throw new IllegalArgumentException("batchKeysMax: " + keys + " (expected: > 0)");
        }
        batchLimits = new BatchLimits(keys, batchLimits.bytesMax());
        return this;
    }

    /**
     * The most bytes of one request of a batch, the server's {@code limits.request_bytes}. 256 KiB if this is not
     * called.
     */
    public PenstockClientBuilder batchBytesMax(int bytes) {
        if (bytes < BatchLimits.BYTES_MIN) {
            throw new IllegalArgumentException(
                    "batchBytesMax: " + bytes + " (expected: >= " + BatchLimits.BYTES_MIN + ")");
        }
        batchLimits = new BatchLimits(batchLimits.keysMax(), bytes);
        return this;
    }

    /**
     * Returns the client. It connects with its first call; a server that is not there fails that call.
     *
     * @throws IllegalArgumentException if the deadline is not above zero
     */
    public PenstockClient build() {
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
        }
        CallOptions options = executor == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withExecutor(executor);
        if (channel != null) {
            return new PenstockClient(new Connection(channel, null, options, batchLimits), deadline);
        }
        ManagedChannel owned = NettyChannelBuilder.forTarget(Objects.requireNonNull(target))
                .usePlaintext()
                .keepAliveTime(KEEP_ALIVE_MINUTES, TimeUnit.MINUTES)
                .build();
        return new PenstockClient(new Connection(owned, owned, options, batchLimits), deadline);
    }
}
