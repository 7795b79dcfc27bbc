package io.penstock.it;

import io.penstock.store.redis.servers.RedisServer;
import java.nio.file.Path;

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
    };

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
