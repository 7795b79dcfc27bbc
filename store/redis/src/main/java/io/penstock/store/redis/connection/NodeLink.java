package io.penstock.store.redis.connection;

import static io.penstock.store.redis.connection.Forgotten.forget;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.penstock.store.StoreException;
import io.penstock.store.redis.connection.RedisConfig.Mode;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one server, made again whenever it breaks. Hot: the misses of a turn leave through it. Confined to
 * its loop, which is also the connection's. What is said over the connection is a {@link Conversation}.
 *
 * <p>What it promises: a command ends exactly once. A command sent over a connection that dies ends at once as {@link
 * ReplyLostException} and is never sent again. While there is no connection, commands are refused at once; only before
 * the first attempt to connect has ended are they held. A connection that stays silent for the configured time-out while
 * an answer is due (to a ping, if nothing else) is given up. Answers are told apart by their order, so one that is not
 * understood ends the connection.
 *
 * <p>The driver connects, speaks TLS and logs in; from then on commands and answers pass it by, for it would put each
 * command into queues with a listener of its own, and copy each answer.
 */
public final class NodeLink {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);

    private static final long RETRY_MILLIS_FIRST = 20;
    private static final long RETRY_MILLIS_MAX = 250;

    private final Clients clients;
    private final EventLoop loop;
    private final NodeAddress node;
    private final Role role;
    private final Owner owner;
    private final RedisClient client;
    private final long timeoutNanos;
    private final Future<?> watchdog;

    private State state = State.CONNECTING;
    private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

    /** The newest attempt's; commands go through it only while {@link State#UP}. */
    private @Nullable Channel channel;

    /** Why there is no connection; made once an outage, not once a read. */
    private @Nullable StoreException down;

    private boolean firstAttempt = true;
    private int failures;

    private final Conversation conversation = new Conversation(this::drop);
    private boolean flushScheduled;
    private long unsentBytes;

    /** What a link tells whoever uses it. */
    interface Owner {
        /** A server answered with an error. Returns whether the command was sent elsewhere. */
        boolean redirected(NodeLink link, RespCommand command, String error);

        /** There is no connection any more, or an attempt at one has failed. */
        void disconnected(NodeLink link);

        /** Whether the operator should hear of it; one link a server is enough. */
        boolean isLogged();
    }

    NodeLink(Clients clients, EventLoop loop, NodeAddress node, Role role, Owner owner) {
        this.clients = clients;
        this.loop = loop;
        this.node = node;
        this.role = role;
        this.owner = owner;
        this.timeoutNanos = clients.config().timeout().toNanos();
        this.client = clients.pinned(loop, new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel initialized) {
                channel = initialized;
                initialized.pipeline().addFirst(new Probe());
            }
        });
        long period = Math.max(10, clients.config().timeout().toMillis() / 8);
        this.watchdog = loop.scheduleWithFixedDelay(this::watch, period, period, TimeUnit.MILLISECONDS);
        connect();
    }

    public NodeAddress node() {
        return node;
    }

    public boolean isUp() {
        return state == State.UP;
    }

    /** Whether a command would be taken: there is a connection, or the first one is being made. */
    public boolean isUsable() {
        return state == State.UP || (firstAttempt && (state == State.CONNECTING || state == State.CHECKING));
    }

    /** Why a command would not be taken. */
    public StoreException refusal() {
        StoreException reason = down;
        return reason != null
                ? reason
                : new StoreException(StoreException.Code.UNREACHABLE, "Redis server " + node + ": not connected");
    }

    /**
     * Lets a command join the turn's batch; or ends it at once.
     *
     * @return whether it is the first of the batch, so that a flush is due
     */
    public boolean send(RespCommand command) {
        if (!isUsable()) {
            command.fail(refusal());
            return false;
        }
        command.sentBy(this);
        return conversation.add(command);
    }

    /** Sends what joined since the last flush, in one write. */
    public void flush() {
        Channel open = channel;
        if (state == State.UP && open != null && open.isActive()) {
            conversation.flush();
        } // else the news of its end is on the way, and ends the commands too
    }

    /** Flushes once the present turn of the loop is over. */
    public void flushSoon() {
        if (!flushScheduled) {
            flushScheduled = true;
            loop.execute(() -> {
                flushScheduled = false;
                flush();
            });
        }
    }

    /** Ends what is unanswered with {@code reason} and the connection for good. */
    public void close(StoreException reason) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        down = reason;
        watchdog.cancel(false);
        abandonConnection();
        conversation.failAll(
                new ReplyLostException(reason.code(), String.valueOf(reason.getMessage()), reason), reason);
        Clients.close(client);
    }

    /** Gives the present connection up and makes another. */
    void drop(String why) {
        if (state == State.UP || state == State.CHECKING) {
            lost(why, null);
        }
    }

    boolean redirected(RespCommand command, String error) {
        return owner.redirected(this, command, error);
    }

    private void connect() {
        state = State.CONNECTING;
        channel = null;
        forget(client.connectAsync(ByteArrayCodec.INSTANCE, clients.uri(node, role))
                .whenComplete((made, error) -> {
                    if (loop.inEventLoop()) {
                        connected(made, error);
                    } else {
                        loop.execute(() -> connected(made, error));
                    }
                }));
    }

    private void connected(@Nullable StatefulRedisConnection<byte[], byte[]> made, @Nullable Throwable error) {
        if (state != State.CONNECTING) {
            if (made != null) {
                forget(made.closeAsync());
            }
            return;
        }
        if (made == null) {
            lost("", RedisErrors.ofConnecting(error, node, clients.config()));
            return;
        }
        connection = made;
        conversation.begin(Objects.requireNonNull(channel));
        state = State.CHECKING;
        CallCommand hello = CallCommand.of("HELLO");
        forget(hello.reply().whenComplete((reply, refusal) -> {
            if (refusal != null) {
                drop("it refused HELLO; Redis 6.2 or newer is needed");
            } else {
                try {
                    checked(reply);
                } catch (StoreException e) {
                    drop("its answer to HELLO is not understood: " + e.getMessage());
                }
            }
        }));
        sendFirst(hello);
        if (role == Role.REPLICA && clients.config().mode() == Mode.CLUSTER) {
            sendFirst(CallCommand.of("READONLY"));
        }
    }

    private void sendFirst(CallCommand command) {
        Channel open = channel;
        if (open != null && open.isActive()) {
            command.sentBy(this);
            conversation.sendFirst(command);
        }
    }

    /** Looks whether this is the kind of server it should be. */
    private void checked(Reply hello) {
        if (state != State.CHECKING) {
            return;
        }
        Map<String, Reply> facts = hello.map();
        Reply unknown = new Reply(new byte[0]);
        String wrong = wrongKind(
                facts.getOrDefault("mode", unknown).text(),
                facts.getOrDefault("role", unknown).text());
        if (wrong != null) {
            lost("", new StoreException(StoreException.Code.INVALID_URL, "Redis server " + node + ": " + wrong));
            return;
        }
        state = State.UP;
        if (failures > 0 && owner.isLogged()) {
            LOG.info("Redis server {}: connected again", node);
        }
        firstAttempt = false;
        failures = 0;
        down = null;
        flush();
    }

    private @Nullable String wrongKind(String mode, String is) {
        boolean wantsCluster = clients.config().mode() == Mode.CLUSTER;
        if (role == Role.SENTINEL) {
            return mode.equals("sentinel") ? null : "it is not a Sentinel; use redis:// or redis-cluster://";
        }
        if (mode.equals("sentinel")) {
            return "it is a Sentinel, not a server with data; use redis-sentinel://host:port/primary-name";
        }
        if (wantsCluster != mode.equals("cluster")) {
            return wantsCluster
                    ? "it is not part of a cluster; use redis://"
                    : "it is part of a cluster; use redis-cluster://";
        }
        if (role == Role.PRIMARY && !is.equals("master")) {
            return "it is a replica, and writes need a primary; name the primary, or use redis-sentinel://";
        }
        return null;
    }

    /** The connection is gone, or was not made. */
    private void lost(String why, @Nullable StoreException known) {
        boolean wasUp = state == State.UP;
        state = State.DOWN;
        firstAttempt = false;
        abandonConnection();
        StoreException reason = known != null
                ? new StoreException(StoreException.Code.UNREACHABLE, String.valueOf(known.getMessage()), known)
                : new StoreException(
                        StoreException.Code.UNREACHABLE, "Redis server " + node + ": connection lost: " + why);
        down = reason;
        if ((wasUp || failures == 0) && owner.isLogged()) {
            LOG.warn("{}; trying again", reason.getMessage());
        }
        long cap = Math.min(RETRY_MILLIS_MAX, RETRY_MILLIS_FIRST << Math.min(failures, 10));
        failures++;
        if (!loop.isShuttingDown()) {
            long delay = cap / 2 + ThreadLocalRandom.current().nextLong(cap / 2 + 1);
            forget(loop.schedule(this::reconnect, delay, TimeUnit.MILLISECONDS));
        }
        conversation.failAll(
                new ReplyLostException(StoreException.Code.UNREACHABLE, String.valueOf(reason.getMessage()), reason),
                reason);
        owner.disconnected(this);
    }

    private void reconnect() {
        if (state == State.DOWN) {
            connect();
        }
    }

    private void abandonConnection() {
        conversation.end();
        if (connection != null) {
            forget(connection.closeAsync());
        } else if (channel != null) {
            forget(channel.close());
        }
        connection = null;
        channel = null;
    }

    /** Gives a silent connection up, and lets one that has nothing to say speak. */
    private void watch() {
        Channel open = channel;
        if ((state != State.UP && state != State.CHECKING) || open == null) {
            return;
        }
        long now = System.nanoTime();
        ChannelOutboundBuffer out = open.unsafe().outboundBuffer();
        long unsent = out == null ? 0 : out.totalPendingWriteBytes();
        if (unsent < unsentBytes) {
            conversation.progressed(now);
        }
        unsentBytes = unsent;
        long silent = conversation.silentNanos(now);
        if (conversation.isAnswerDue()) {
            if (silent > timeoutNanos) {
                drop("no answer for " + timeoutNanos / 1_000_000 + " ms");
            }
        } else if (state == State.UP && silent > timeoutNanos / 2) {
            sendFirst(CallCommand.of("PING"));
        }
    }

    @Override
    public String toString() {
        return node + " " + state;
    }

    private enum State {
        CONNECTING,
        /** Connected; what kind of server it is has been asked. */
        CHECKING,
        UP,
        DOWN,
        CLOSED
    }

    /** Sees bytes come and the channel end before the driver does. */
    private final class Probe extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            conversation.progressed(System.nanoTime());
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == channel) {
                drop("the server closed it");
            }
            context.fireChannelInactive();
        }

        /** What breaks a connection in use ends it here; the driver would log it with a stack trace. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (context.channel() == channel && (state == State.UP || state == State.CHECKING)) {
                drop(String.valueOf(cause.getMessage()));
            } else {
                context.fireExceptionCaught(cause);
            }
        }
    }
}
