package io.penstock.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.penstock.benchmarks.wire.CallConnection;
import io.penstock.benchmarks.wire.CallListener;
import io.penstock.benchmarks.wire.EventLoops;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop, which are opened again when they are lost. Confined to that loop. */
final class Connections {
    private static final long RETRY_NANOS = Duration.ofMillis(50).toNanos();
    private static final int READ_BYTES = 64 << 10;

    private final LoadOptions.Target target;
    private final String method;
    private final CallListener listener;
    private final Bootstrap bootstrap;
    private final @Nullable CallConnection[] places;
    private final boolean[] pending;
    private final boolean[] open;
    private final long[] retryAt;
    private String problem = "";
    private int turn;

    Connections(EventLoopGroup loop, LoadOptions.Target target, String method, int count, CallListener listener) {
        this.target = target;
        this.method = method;
        this.listener = listener;
        this.places = new CallConnection[count];
        this.pending = new boolean[count];
        this.open = new boolean[count];
        this.retryAt = new long[count];
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(EventLoops.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES));
        Arrays.fill(retryAt, System.nanoTime());
    }

    /** Opens what is not open and whose time has come. */
    void open(long now) {
        for (int i = 0; i < places.length; i++) {
            if (places[i] == null && !pending[i] && now - retryAt[i] >= 0) {
                connect(i);
            }
        }
    }

    private void connect(int place) {
        pending[place] = true;
        CallConnection connection = new CallConnection(target.server(), method, target.deadline(), listener);
        ChannelFuture connecting =
                bootstrap.clone().handler(connection).connect(new InetSocketAddress(target.host(), target.port()));
        places[place] = connection;
        connecting.addListener(done -> {
            if (done.cause() != null) {
                lost(connection, String.valueOf(done.cause().getMessage()));
            }
        });
    }

    void opened(CallConnection connection) {
        int place = placeOf(connection);
        pending[place] = false;
        open[place] = true;
    }

    void lost(CallConnection connection, String reason) {
        int place = placeOf(connection);
        places[place] = null;
        pending[place] = false;
        open[place] = false;
        retryAt[place] = System.nanoTime() + RETRY_NANOS;
        problem = reason;
    }

    private int placeOf(CallConnection connection) {
        for (int i = 0; i < places.length; i++) {
            if (places[i] == connection) {
                return i;
            }
        }
        throw new IllegalStateException("a connection of another loop");
    }

    boolean allOpen() {
        for (boolean each : open) {
            if (!each) {
                return false;
            }
        }
        return true;
    }

    boolean noneOpen() {
        for (boolean each : open) {
            if (each) {
                return false;
            }
        }
        return true;
    }

    /** Why a connection was lost or could not be opened, the last time. */
    String problem() {
        return problem;
    }

    /** The next in turn that can send; null when none can. */
    @Nullable
    CallConnection next() {
        for (int i = 0; i < places.length; i++) {
            turn = turn + 1 == places.length ? 0 : turn + 1;
            CallConnection connection = places[turn];
            if (connection != null && connection.canSend()) {
                return connection;
            }
        }
        return null;
    }

    void flush() {
        for (int i = 0; i < places.length; i++) {
            CallConnection connection = places[i];
            if (connection != null && open[i]) {
                connection.flush();
            }
        }
    }

    void expire(long now) {
        for (int i = 0; i < places.length; i++) {
            CallConnection connection = places[i];
            if (connection != null && open[i]) {
                connection.expire(now);
            }
        }
    }

    void close() {
        for (int i = 0; i < places.length; i++) {
            CallConnection connection = places[i];
            if (connection != null && open[i]) {
                connection.close();
            }
        }
    }
}
