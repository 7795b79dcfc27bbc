package io.penstock.store.redis.blob;

import io.netty.channel.EventLoop;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.redis.connection.NodeLink;
import io.penstock.store.redis.connection.NodeLinks;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.RedisErrors;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hot: step 4 of the read path. Its connections live on the caller's loop, so neither a question nor an answer changes
 * threads. The reads of a turn leave as one {@code MGET} a server and one flush; in a cluster, where one command may name
 * one slot, as pipelined {@code GET}s and one flush a server.
 *
 * <p>Reads that cannot be sent fail at once, those whose connection dies when it dies, and none is sent again. Only while
 * the very first connection is being made are they held.
 */
public final class RedisBlobReader implements BlobReader {
    /** Beyond it a turn's reads leave as several commands, so that other clients of the server get their turn. */
    static final int READS_PER_COMMAND_MAX = 256;

    private static final Logger LOG = LoggerFactory.getLogger(RedisBlobReader.class);
    private static final int SPARE_COMMANDS_MAX = 1_024;

    private final RedisConnections connections;
    private final EventLoop loop;
    private final NodeLinks links;
    private final boolean readsReplicas;
    private final int pendingMax;
    private final StoreException overloaded;

    // Confined to the loop.
    private final ArrayDeque<ReadCommand> spare = new ArrayDeque<>();
    private final List<NodeLink> asked = new ArrayList<>();
    private @Nullable ReadCommand gathering;
    private @Nullable NodeLink gatheringFor;
    private int pending;
    private boolean closed;

    private RedisBlobReader(RedisConnections connections, EventLoop loop, int pendingMax) {
        this.connections = connections;
        this.loop = loop;
        this.links = connections.linksOf(loop);
        this.readsReplicas = connections.config().readsReplicas();
        this.pendingMax = pendingMax;
        this.overloaded = new StoreException(
                StoreException.Code.OVERLOADED,
                "store " + connections.url() + ": " + pendingMax
                        + " reads of this event loop are unanswered (pending_reads); try again later");
    }

    /**
     * Opens a reader on {@code handle}'s loop if connections can live on it; else one that lives on a loop of the store
     * and brings its answers back.
     */
    public static BlobReader open(RedisConnections connections, EventLoopHandle handle, int pendingMax) {
        EventLoop loop = handle.unwrap(EventLoop.class);
        if (loop != null && RedisConnections.canLiveOn(loop)) {
            return onLoop(connections, loop, pendingMax);
        }
        RedisBlobReader there = onLoop(connections, connections.readerLoop(), pendingMax);
        return new VisitingBlobReader(there, handle, pendingMax);
    }

    private static RedisBlobReader onLoop(RedisConnections connections, EventLoop loop, int pendingMax) {
        RedisBlobReader reader = new RedisBlobReader(connections, loop, pendingMax);
        connections.onClose(reader, () -> loop.execute(reader::close));
        loop.execute(reader::connect);
        return reader;
    }

    private void connect() {
        if (!closed) {
            links.connectAll();
        }
    }

    EventLoop loop() {
        return loop;
    }

    @Override
    public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
        assert loop.inEventLoop() : "blob reader used off its event loop";
        if (closed || connections.isClosed()) {
            callback.failed(closedException());
            return;
        }
        if (pending >= pendingMax) {
            callback.failed(overloaded);
            return;
        }
        byte[] key = address.keyNameBytes();
        NodeLink link =
                readsReplicas && consistency == Consistency.NEAREST ? links.nearestOf(key) : links.primaryOf(key);
        if (link == null) {
            callback.failed(RedisConnections.noServer());
            return;
        }
        if (!link.isUsable()) {
            callback.failed(link.refusal());
            return;
        }
        pending++;
        ReadCommand command = commandFor(link);
        command.add(key, callback);
        if (command.size() == READS_PER_COMMAND_MAX || links.isCluster()) {
            sendGathered();
        }
    }

    private ReadCommand commandFor(NodeLink link) {
        while (gathering != null && gatheringFor != link) {
            sendGathered(); // which may fail reads in place, and those who asked may ask for others
        }
        if (gathering != null) {
            return gathering;
        }
        ReadCommand command = spare.pollFirst();
        if (command == null) {
            command = new ReadCommand(this);
        }
        gathering = command;
        gatheringFor = link;
        return command;
    }

    private void sendGathered() {
        ReadCommand command = gathering;
        NodeLink link = gatheringFor;
        if (command == null || link == null) {
            return;
        }
        gathering = null;
        gatheringFor = null;
        if (link.send(command)) {
            asked.add(link);
        }
    }

    @Override
    public void flush() {
        sendGathered();
        for (int i = 0; i < asked.size(); i++) {
            asked.get(i).flush();
        }
        asked.clear();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        connections.closed(this);
        sendGathered();
        links.close(closedException());
    }

    private StoreException closedException() {
        return RedisErrors.closed("blob reader of store " + connections.url());
    }

    void deliver(BlobCallback callback, @Nullable ByteBuffer value) {
        pending--;
        try {
            if (value == null) {
                callback.missing();
            } else {
                callback.found(value);
            }
        } catch (RuntimeException e) {
            LOG.error("a blob callback threw; this is a bug", e);
        }
    }

    void fail(BlobCallback callback, StoreException error) {
        pending--;
        StoreException.Code code = error.code();
        boolean known = code == StoreException.Code.UNREACHABLE
                || code == StoreException.Code.CLOSED
                || code == StoreException.Code.OVERLOADED
                || code == StoreException.Code.INTERNAL;
        StoreException told = known
                ? error
                : new StoreException(StoreException.Code.UNREACHABLE, String.valueOf(error.getMessage()), error);
        try {
            callback.failed(told);
        } catch (RuntimeException e) {
            LOG.error("a blob callback threw; this is a bug", e);
        }
    }

    /** A command whose every read was answered. */
    void recycle(ReadCommand command) {
        if (spare.size() < SPARE_COMMANDS_MAX) {
            command.recycle();
            spare.addFirst(command);
        }
    }
}
