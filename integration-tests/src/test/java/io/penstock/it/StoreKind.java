package io.penstock.it;

import io.penstock.store.cassandra.servers.CassandraServer;
import io.penstock.store.redis.servers.RedisServer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores that what is promised is tested on, changing nothing but the URL. */
enum StoreKind {
    LMDB {
        @Override
        RunningStore start(Path directory) {
            return new RunningStore("lmdb:" + directory.resolve("store"), () -> {});
        }
    },
    REDIS {
        @Override
        RunningStore start(Path directory) {
            RedisServer server = RedisServer.start();
            return new RunningStore(server.url(), server::close);
        }
    },
    /** One server for all tests of this JVM, and a keyspace for each: a server takes ten seconds to start. */
    CASSANDRA {
        @Override
        RunningStore start(Path directory) {
            String keyspace = "it_" + KEYSPACES.incrementAndGet();
            return new RunningStore(CassandraServer.shared().url(keyspace), () -> {});
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(StoreKind.class);
    private static final AtomicInteger KEYSPACES = new AtomicInteger();

    /** Those that can be started here. */
    static Stream<StoreKind> available() {
        CassandraServer.unavailable().ifPresent(reason -> LOG.warn("nothing is tested on Cassandra: {}", reason));
        return Stream.of(values())
                .filter(kind ->
                        kind != CASSANDRA || CassandraServer.unavailable().isEmpty());
    }

    /** Those that are quick enough for dozens of kills; all with {@code -Dpenstock.cassandra.kills=true}. */
    static Stream<StoreKind> killable() {
        return Boolean.getBoolean("penstock.cassandra.kills") ? available() : Stream.of(LMDB, REDIS);
    }

    /** Starts an empty store; what it keeps in files is under {@code directory}. */
    abstract RunningStore start(Path directory);

    /**
     * A store that runs for one test.
     *
     * @param url what opens it
     * @param end ends its processes
     */
    record RunningStore(String url, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }
}
