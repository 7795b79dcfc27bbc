package io.penstock.client;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.penstock.client.internal.transport.Channels;
import io.penstock.client.internal.transport.ServerAddresses;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes a {@link PenstockClient}. Not thread-safe. */
public final class PenstockClientBuilder {
    private final @Nullable ServerAddresses servers;
    private final @Nullable Channel channel;
    private @Nullable ClientTls tls;
    private @Nullable ChannelCredentials channelCredentials;
    private @Nullable CallCredentials callCredentials;
    private boolean healthChecks = true;
    private @Nullable Hedging hedging;
    private @Nullable RequestHeaders headers;
    private @Nullable CallObserver observer;
    private @Nullable Duration deadline;
    private @Nullable Executor executor;
    private BatchLimits batchLimits = BatchLimits.DEFAULT;

    PenstockClientBuilder(@Nullable String target, @Nullable Channel channel) {
        this.servers = target == null ? null : ServerAddresses.of(target);
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

    /** Encrypts the connections; plaintext if neither this nor {@link #channelCredentials} is called. */
    public PenstockClientBuilder tls(ClientTls newTls) {
        tls = newTls;
        return this;
    }

    /** What protects the connections, for what {@link #tls} cannot say: keys from elsewhere, certificates that change. */
    public PenstockClientBuilder channelCredentials(ChannelCredentials newCredentials) {
        channelCredentials = newCredentials;
        return this;
    }

    /**
     * What every call shows to say who it is from, such as a token. They are refused over plaintext, unless {@link
     * #channelCredentials} says in so many words that it is to be plaintext.
     */
    public PenstockClientBuilder callCredentials(CallCredentials newCredentials) {
        callCredentials = newCredentials;
        return this;
    }

    /**
     * Whether servers are asked for their health, so that one that is starting, ending or cut off gets no reads. True if
     * this is not called; false is for tools that want to hear from such a server.
     */
    public PenstockClientBuilder healthChecks(boolean newHealthChecks) {
        healthChecks = newHealthChecks;
        return this;
    }

    /** Asks a second server when the first is slow to answer a {@code Get} or a batch; never if this is not called. */
    public PenstockClientBuilder hedging(Hedging newHedging) {
        hedging = newHedging;
        return this;
    }

    /** What goes with every request besides the question, such as the caller's trace; nothing if this is not called. */
    public PenstockClientBuilder headers(RequestHeaders newHeaders) {
        headers = newHeaders;
        return this;
    }

    /** Who hears of every call, to count it; nobody if this is not called. */
    public PenstockClientBuilder observer(CallObserver newObserver) {
        observer = newObserver;
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
     * Returns the client, which connects without being waited for: {@link PenstockClient#awaitReady} waits. A server that
     * is not there fails the calls.
     *
     * @throws IllegalArgumentException if the deadline is not above zero, a file of {@link #tls} cannot be read, or
     *     settings contradict each other
     * @throws IllegalStateException if the class path has no gRPC transport
     */
    public PenstockClient build() {
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
        }
        CallOptions options = executor == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withExecutor(executor);
        if (callCredentials != null) {
            options = options.withCallCredentials(callCredentials);
        }
        ConnectionOptions all = new ConnectionOptions(
                options,
                batchLimits,
                Optional.ofNullable(headers),
                Optional.ofNullable(observer),
                Optional.ofNullable(hedging));
        return new PenstockClient(connection(all), deadline);
    }

    private Connection connection(ConnectionOptions options) {
        if (channel != null) {
            if (tls != null || channelCredentials != null) {
                throw new IllegalArgumentException(
                        "tls, channelCredentials: set (expected: not with a channel, which has" + " its own)");
            }
            return new Connection("the given channel", channel, null, options);
        }
        ServerAddresses addresses = Objects.requireNonNull(servers);
        ManagedChannel owned = Channels.open(addresses, credentials(), healthChecks, serverName());
        return new Connection(addresses.target(), owned, owned, options);
    }

    private Optional<String> serverName() {
        return tls == null ? Optional.empty() : tls.serverName();
    }

    private ChannelCredentials credentials() {
        if (tls != null && channelCredentials != null) {
            throw new IllegalArgumentException("tls, channelCredentials: both set (expected: one of them)");
        }
        if (channelCredentials != null) {
            return channelCredentials;
        }
        if (tls != null) {
            return tls.credentials();
        }
        if (callCredentials != null) {
            throw new IllegalArgumentException(
                    "callCredentials: would be sent in plaintext (expected: with tls, or with"
                            + " channelCredentials(InsecureChannelCredentials.create()) in a network that encrypts by itself)");
        }
        return InsecureChannelCredentials.create();
    }
}
