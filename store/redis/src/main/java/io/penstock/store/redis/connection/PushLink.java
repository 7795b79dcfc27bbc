package io.penstock.store.redis.connection;

import static io.penstock.store.redis.connection.Forgotten.forget;

import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listens to channels of publish/subscribe, over one connection that is made again whenever it breaks. Redis promises no
 * delivery, so this does not either: whoever listens polls as well, and is told to look after each new connection.
 * Confined to its loop.
 */
final class PushLink {
    private static final long RETRY_MILLIS = 250;

    private final EventLoop loop;
    private final Clients clients;
    private final Supplier<NodeAddress> node;
    private final Map<String, List<Runnable>> listeners = new HashMap<>();
    private final RedisClient client;
    private final Future<?> pings;

    private @Nullable Channel channel;
    private @Nullable StatefulRedisPubSubConnection<byte[], byte[]> connection;
    private boolean connecting;
    private boolean closed;
    private long heardNanos;

    /** @param node whom to connect to, asked each time */
    PushLink(Clients clients, EventLoop loop, Supplier<NodeAddress> node) {
        this.clients = clients;
        this.loop = loop;
        this.node = node;
        this.client = clients.pinned(loop, new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel initialized) {
                channel = initialized;
                initialized.pipeline().addFirst(new Probe());
            }
        });
        long timeout = clients.config().timeout().toMillis();
        this.pings = loop.scheduleWithFixedDelay(this::ping, timeout / 2, timeout / 2, TimeUnit.MILLISECONDS);
    }

    void listen(String channelName, Runnable listener) {
        List<Runnable> present = listeners.computeIfAbsent(channelName, unused -> new ArrayList<>());
        present.add(listener);
        if (connection == null) {
            connect();
        } else if (present.size() == 1) {
            forget(connection.async().subscribe(bytes(channelName)));
        }
    }

    void unlisten(String channelName, Runnable listener) {
        List<Runnable> present = listeners.getOrDefault(channelName, new ArrayList<>());
        if (present.remove(listener) && present.isEmpty()) {
            listeners.remove(channelName);
            if (connection != null) {
                forget(connection.async().unsubscribe(bytes(channelName)));
            }
        }
    }

    private void connect() {
        if (closed || connecting || connection != null || listeners.isEmpty()) {
            return;
        }
        connecting = true;
        try {
            forget(client.connectPubSubAsync(ByteArrayCodec.INSTANCE, clients.uri(node.get(), Role.NODE))
                    .whenComplete((made, error) -> loop.execute(() -> connected(made))));
        } catch (RuntimeException e) { // nobody knows the servers yet
            connecting = false;
            retry();
        }
    }

    private void connected(@Nullable StatefulRedisPubSubConnection<byte[], byte[]> made) {
        connecting = false;
        if (made == null || closed) {
            if (made != null) {
                forget(made.closeAsync());
            }
            retry();
            return;
        }
        connection = made;
        heardNanos = System.nanoTime();
        made.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(byte[] channelName, byte[] message) {
                tell(new String(channelName, StandardCharsets.UTF_8));
            }
        });
        byte[][] channels = listeners.keySet().stream().map(PushLink::bytes).toArray(byte[][]::new);
        forget(made.async().subscribe(channels).whenComplete((done, error) -> loop.execute(this::tellAll)));
    }

    /** What moved while nobody listened? */
    private void tellAll() {
        List.copyOf(listeners.keySet()).forEach(this::tell);
    }

    private void tell(String channelName) {
        for (Runnable listener : List.copyOf(listeners.getOrDefault(channelName, List.of()))) {
            listener.run();
        }
    }

    private void ping() {
        StatefulRedisPubSubConnection<byte[], byte[]> open = connection;
        if (open == null) {
            return;
        }
        if (System.nanoTime() - heardNanos > clients.config().timeout().toNanos()) {
            lost();
        } else {
            forget(open.async().ping());
        }
    }

    /** The servers have moved. */
    void reconnect() {
        if (connection != null && !listeners.isEmpty()) {
            lost();
        }
    }

    private void lost() {
        if (connection != null) {
            forget(connection.closeAsync());
            connection = null;
        }
        retry();
    }

    private void retry() {
        if (!closed && !loop.isShuttingDown()) {
            forget(loop.schedule(this::connect, RETRY_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    void close() {
        closed = true;
        pings.cancel(false);
        if (connection != null) {
            forget(connection.closeAsync());
            connection = null;
        }
        Clients.close(client);
    }

    private static byte[] bytes(String channelName) {
        return channelName.getBytes(StandardCharsets.UTF_8);
    }

    private final class Probe extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            heardNanos = System.nanoTime();
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == channel && connection != null) {
                lost();
            }
            context.fireChannelInactive();
        }
    }
}
