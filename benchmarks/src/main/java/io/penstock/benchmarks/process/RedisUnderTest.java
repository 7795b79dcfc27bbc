package io.penstock.benchmarks.process;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.store.redis.servers.RedisServer;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Redis a benchmark measures: a process of its own, or one the caller named. It is emptied between measurements, and
 * therefore has to be empty when it is given.
 */
public final class RedisUnderTest implements AutoCloseable {
    /** Its memory stands still when it moves less than this. */
    private static final long STILL_BYTES = 16 << 10;

    private static final long STILL_MILLIS = 500;

    private final @Nullable RedisServer own;
    private final String url;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;

    private RedisUnderTest(@Nullable RedisServer own, String url) {
        this.own = own;
        this.url = url;
        this.client = RedisClient.create(RedisURI.create(url));
        try {
            this.connection = client.connect(ByteArrayCodec.INSTANCE);
        } catch (RedisException e) {
            client.shutdown();
            throw new BenchmarkException(
                    BenchmarkException.Code.UNREACHABLE, "Redis at " + withoutPassword(url) + " does not answer", e);
        }
    }

    /** Starts one: {@code redis-server} on the path, else the one that comes along. */
    static RedisUnderTest start() {
        RedisServer server = RedisServer.start();
        try {
            return new RedisUnderTest(server, server.url());
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Uses one that runs.
     *
     * @param keepsData for a caller who neither fills nor empties it
     */
    static RedisUnderTest at(String url, boolean keepsData) {
        RedisUnderTest redis = new RedisUnderTest(null, url);
        long keys = redis.connection.sync().dbsize();
        if (keys > 0 && !keepsData) {
            redis.close();
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS,
                    "Redis at " + withoutPassword(url) + " holds " + keys
                            + " keys, and this benchmark empties it; name an empty one, or none to have one started",
                    null);
        }
        return redis;
    }

    /** The store's URL. */
    public String url() {
        return url;
    }

    public String host() {
        return URI.create(url).getHost();
    }

    public int port() {
        int port = URI.create(url).getPort();
        return port < 0 ? RedisURI.DEFAULT_REDIS_PORT : port;
    }

    /** A connection of the benchmark's own. */
    public StatefulRedisConnection<byte[], byte[]> connection() {
        return connection;
    }

    /** What it has in use, once its table of keys has the size it will have. */
    public long usedMemory() throws InterruptedException {
        long before = -1;
        long now = Long.parseLong(infoText("used_memory"));
        while (Math.abs(now - before) > STILL_BYTES) {
            TimeUnit.MILLISECONDS.sleep(STILL_MILLIS);
            before = now;
            now = Long.parseLong(infoText("used_memory"));
        }
        return now;
    }

    private String infoText(String field) {
        return connection
                .sync()
                .info()
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new BenchmarkException(
                        BenchmarkException.Code.UNREACHABLE, "Redis does not tell its " + field, null));
    }

    /** Deletes everything. */
    public void empty() {
        connection.sync().flushall();
    }

    /** For the conditions. */
    public String describe() {
        return "Redis " + infoText("redis_version") + " at " + host() + ":" + port()
                + (own == null ? ", given by its URL" : ", a process of its own, no persistence, noeviction");
    }

    private static String withoutPassword(String url) {
        return url.replaceFirst("//.*@", "//***@");
    }

    @Override
    public void close() {
        client.shutdown();
        if (own != null) {
            own.close();
        }
    }
}
