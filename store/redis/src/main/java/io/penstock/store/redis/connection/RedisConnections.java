package io.penstock.store.redis.connection;

import static io.penstock.store.redis.connection.Forgotten.forget;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store's own connections: one a {@link Lane} and primary, one to listen, and those that ask where everything is. They
 * live on a few threads of the store. Readers of event loops have their own, made with {@link #linksOf}.
 *
 * <p>Thread-safe; nothing but {@link #open} and {@link #close} blocks. Stages complete on the store's threads, where
 * nothing may block, exceptionally with
 * <ul>
 *   <li>{@link RedisErrorReply}: a server refused the command; nothing happened;
 *   <li>{@link ReplyLostException}: it was sent and its answer did not come;
 *   <li>another {@link StoreException}: it was not sent. {@code UNREACHABLE}: there is no connection, which is noticed at
 *       once; {@code CLOSED}.
 * </ul>
 * Every stage ends within the configured time-out after the server stopped answering. A command that makes a server wait
 * ({@code WAIT}) must make it wait for less than that.
 */
public final class RedisConnections implements AutoCloseable {
    private final RedisConfig config;
    private final Clients clients;
    private final MultiThreadIoEventLoopGroup threads;
    private final EventLoop controlLoop;
    private final EventLoop bulkLoop;
    private final EventLoop readerLoop;
    private final TopologySource source;
    private final TopologyWatch watch;
    private final NodeLinks control;
    private final NodeLinks bulk;
    private final PushLink push;

    /** What else ends with the store, by whom. */
    private final Map<Object, Runnable> closings = new ConcurrentHashMap<>();

    /** Before it, whoever opens is told what is wrong; from then on the log is. */
    private volatile boolean open;

    private volatile boolean closed;

    private RedisConnections(RedisConfig config) {
        this.config = config;
        this.clients = new Clients(config);
        this.threads = new MultiThreadIoEventLoopGroup(
                3, new DefaultThreadFactory("penstock-redis", true), Clients.loopFactory());
        this.controlLoop = threads.next();
        this.bulkLoop = threads.next();
        this.readerLoop = threads.next();
        this.source = TopologySource.of(clients, controlLoop);
        this.watch = new TopologyWatch(controlLoop, source, this::moved);
        this.control = new NodeLinks(clients, controlLoop, watch, () -> open);
        this.bulk = new NodeLinks(clients, bulkLoop, watch, () -> false);
        this.push = new PushLink(clients, controlLoop, this::anyPrimary);
    }

    /**
     * Connects, and blocks until every primary has answered.
     *
     * @throws StoreException {@code INVALID_URL} or {@code UNREACHABLE}, naming the URL and the cause
     */
    public static RedisConnections open(RedisConfig config) {
        RedisConnections connections = new RedisConnections(config);
        try {
            connections.connect();
            connections.open = true;
            return connections;
        } catch (RuntimeException e) {
            connections.close();
            throw e;
        }
    }

    private void connect() {
        try {
            watch.start().get(limitMillis(), TimeUnit.MILLISECONDS);
            eachPrimary(Lane.CONTROL, words("PING")).toCompletableFuture().get(limitMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(
                    StoreException.Code.UNREACHABLE, "store " + config.url() + ": interrupted while connecting", e);
        } catch (Exception e) {
            throw openFailure(e);
        }
    }

    private StoreException openFailure(Throwable error) {
        StoreException known = null;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreException store) {
                known = store; // the innermost knows best
            }
        }
        if (known == null) {
            return new StoreException(
                    StoreException.Code.UNREACHABLE,
                    "store " + config.url() + ": no answer within " + limitMillis() + " ms; check host and port",
                    error);
        }
        StoreException.Code code = known.code() == StoreException.Code.INVALID_URL
                ? StoreException.Code.INVALID_URL
                : StoreException.Code.UNREACHABLE;
        return new StoreException(code, "store " + config.url() + ": " + known.getMessage(), known);
    }

    /** Of a first connection: to each seed in turn, then to the primaries; and a cold JVM loads the driver first. */
    private long limitMillis() {
        return config.timeout().toMillis() * (1 + config.seeds().size()) + 30_000;
    }

    /** Redacted. */
    public String url() {
        return config.url();
    }

    public RedisConfig config() {
        return config;
    }

    /** Which server has what, as far as it is known. */
    public Topology topology() {
        return watch.current();
    }

    /** A command about one key, sent over {@link Lane#CONTROL} to the primary that has it; words that follow are keys or arguments. */
    public CompletionStage<Reply> call(byte[] key, byte[]... words) {
        return call(Lane.CONTROL, key, words);
    }

    /** A command about one key, sent to the primary that has it. */
    public CompletionStage<Reply> call(Lane lane, byte[] key, byte[]... words) {
        CallCommand command = new CallCommand(key, words);
        onLane(lane, command.reply(), links -> {
            NodeLink link = links.primaryOf(key);
            if (link == null) {
                command.fail(noServer());
            } else {
                link.send(command);
                link.flush();
            }
        });
        return command.reply();
    }

    /** Commands about one server, sent together over one connection, in this order. */
    public CompletionStage<List<Reply>> callNode(Lane lane, NodeAddress primary, byte[][]... commands) {
        List<CallCommand> calls = new ArrayList<>();
        for (byte[][] words : commands) {
            calls.add(new CallCommand(null, words));
        }
        CompletableFuture<List<Reply>> replies = new CompletableFuture<>();
        onLane(lane, replies, links -> {
            NodeLink link = links.primary(primary);
            calls.forEach(link::send);
            link.flush();
            allOf(calls.stream().map(CallCommand::reply).toList(), replies);
        });
        return replies;
    }

    /** Commands sent to every primary, over one connection each, in this order; fails if one server fails. */
    public CompletionStage<Map<NodeAddress, List<Reply>>> eachPrimary(Lane lane, byte[][]... commands) {
        List<NodeAddress> primaries;
        try {
            primaries = topology().primaries();
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(closed ? RedisErrors.closed("store " + url()) : e);
        }
        List<CompletableFuture<List<Reply>>> stages = new ArrayList<>();
        for (NodeAddress primary : primaries) {
            stages.add(callNode(lane, primary, commands).toCompletableFuture());
        }
        CompletableFuture<List<List<Reply>>> all = new CompletableFuture<>();
        allOf(stages, all);
        return all.thenApply(replies -> {
            Map<NodeAddress, List<Reply>> byNode = new LinkedHashMap<>();
            for (int i = 0; i < replies.size(); i++) {
                byNode.put(primaries.get(i), replies.get(i));
            }
            return byNode;
        });
    }

    /** The words of a command in UTF-8. */
    public static byte[][] words(String... words) {
        byte[][] encoded = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            encoded[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        return encoded;
    }

    /**
     * Calls {@code heard} for each message on a channel of publish/subscribe and after each new connection, on one of the
     * store's threads; it must not block. Messages can be lost.
     *
     * @return stops it when closed; idempotent
     */
    public Subscription subscribe(String channel, Runnable heard) {
        requireOpen();
        Runnable listener = new Runnable() { // an identity of its own
                    @Override
                    public void run() {
                        heard.run();
                    }
                };
        controlLoop.execute(() -> push.listen(channel, listener));
        return () -> {
            if (!closed) {
                controlLoop.execute(() -> push.unlisten(channel, listener));
            }
        };
    }

    /** Listening to a channel. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** For work that repeats; runs on one of the store's threads, where nothing may block. */
    public ScheduledExecutorService scheduler() {
        return controlLoop;
    }

    /** Whether the calling thread is one of the store's. */
    public boolean isOwnThread() {
        for (EventExecutor thread : threads) {
            if (thread.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** Connections that live on {@code loop}, which need not be the store's. Used and closed on it only. */
    public NodeLinks linksOf(EventLoop loop) {
        requireOpen();
        return new NodeLinks(clients, loop, watch, () -> false);
    }

    /** Whether connections can live on a loop of that kind. */
    public static boolean canLiveOn(EventLoop loop) {
        return Clients.canPin(loop);
    }

    /** The loop for readers whose own loop cannot carry connections. */
    public EventLoop readerLoop() {
        return readerLoop;
    }

    /** Runs an action on a lane's loop with its connections; what fails there fails {@code result}. */
    public void onLane(Lane lane, CompletableFuture<?> result, LaneAction action) {
        NodeLinks links = lane == Lane.CONTROL ? control : bulk;
        EventLoop loop = lane == Lane.CONTROL ? controlLoop : bulkLoop;
        try {
            requireOpen();
            loop.execute(() -> {
                try {
                    action.run(links);
                } catch (RuntimeException e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (StoreException e) {
            result.completeExceptionally(e);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(RedisErrors.closed("store " + url()));
        }
    }

    /** What to do with a lane's connections, on its loop. */
    public interface LaneAction {
        void run(NodeLinks links);
    }

    /** What to say when no server is known to have a key. */
    public static StoreException noServer() {
        return new StoreException(
                StoreException.Code.UNREACHABLE, "no Redis server has this key's slot now; check the cluster's state");
    }

    /** Lets {@code closing} be run when the store is closed, until {@link #closed} is called for the same one. */
    public void onClose(Object by, Runnable closing) {
        closings.put(by, closing);
    }

    public void closed(Object by) {
        closings.remove(by);
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * Refuses to go on after the store was closed.
     *
     * @throws StoreException with {@code CLOSED}
     */
    public void requireOpen() {
        if (closed) {
            throw RedisErrors.closed("store " + url());
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Runnable closing : List.copyOf(closings.values())) {
            closing.run();
        }
        StoreException reason = RedisErrors.closed("store " + url());
        await(bulkLoop, () -> {
            bulk.close(reason);
            return true;
        });
        await(controlLoop, () -> {
            push.close();
            control.close(reason);
            watch.close(reason);
            return true;
        });
        forget(threads.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        if (!isOwnThread()) {
            threads.terminationFuture().awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
        clients.close();
    }

    private void moved() {
        push.reconnect();
        bulkLoop.execute(bulk::connectAll);
        control.connectAll();
    }

    private NodeAddress anyPrimary() {
        return topology().primaries().get(0);
    }

    private static <T> void allOf(List<CompletableFuture<T>> stages, CompletableFuture<List<T>> result) {
        forget(CompletableFuture.allOf(stages.toArray(CompletableFuture<?>[]::new))
                .whenComplete((done, error) -> {
                    if (error == null) {
                        result.complete(
                                stages.stream().map(CompletableFuture::join).toList());
                    } else {
                        result.completeExceptionally(
                                error instanceof CompletionException && error.getCause() != null
                                        ? error.getCause()
                                        : error);
                    }
                }));
    }

    /** Runs something short on a loop and waits for it; after the loop has ended, nothing. */
    private static <T> @Nullable T await(EventLoop loop, Supplier<T> action) {
        if (loop.inEventLoop()) {
            return action.get();
        }
        try {
            return loop.submit(action::get).syncUninterruptibly().getNow();
        } catch (RejectedExecutionException e) {
            return null;
        }
    }
}
