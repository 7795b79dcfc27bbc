package io.penstock.cli;

import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A directory with a contract, a publication of {@code row.v1} whose query a test chooses, and an embedded store; on demand
 * a server over it.
 */
final class Playground implements AutoCloseable {
    static final String DATASET = "row.v1";

    /** 200 rows, the keys 0 to 199, in two buckets. */
    static final String ROWS = "select range as id, range % 7 as amount, 'n' as note from range(200)";

    private static final String CONTRACT = """
            syntax = "proto3";
            package tests.%1$s.v1;
            import "penstock/contract/v1/contract.proto";
            message Row {
              option (penstock.contract.v1.data_product) = { name: "%1$s" owner: "tests" description: "A row." };
              int64 id = 1 [(penstock.contract.v1.field) = { key: true }];
              int32 amount = 2 [(penstock.contract.v1.field) = { min: 0 }];
              optional string note = 3;
            }
            """;
    private static final String PUBLICATION = """
            contract: %1$s.proto
            message: tests.%1$s.v1.Row
            source:
              sql: "${rows}"
              parameters: { rows: { raw: "%2$s" } }
            """;

    private final Path directory;
    private final List<Store> stores = new ArrayList<>();
    private final List<ServingServer> servers = new ArrayList<>();
    private String server = "";

    Playground(Path directory) {
        this.directory = directory;
        write("row.proto", CONTRACT.formatted("row"));
        write("row.yaml", PUBLICATION.formatted("row", ROWS));
    }

    /** Another dataset's contract and publication: {@code <product>.yaml}. */
    void another(String product) {
        write(product + ".proto", CONTRACT.formatted(product));
        write(product + ".yaml", PUBLICATION.formatted(product, ROWS));
    }

    Path write(String file, String content) {
        try {
            return Files.writeString(directory.resolve(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    Path path(String file) {
        return directory.resolve(file);
    }

    String storeUrl() {
        return "lmdb:" + directory.resolve("store");
    }

    /** Runs a command with this store, and this server if there is one. */
    CommandRun run(String... arguments) {
        return CommandRun.of(environment(), "", arguments);
    }

    CommandRun runWithInput(String input, String... arguments) {
        return CommandRun.of(environment(), input, arguments);
    }

    private Map<String, String> environment() {
        return server.isEmpty()
                ? Map.of("PENSTOCK_STORE", storeUrl())
                : Map.of("PENSTOCK_STORE", storeUrl(), "PENSTOCK_SERVER", server);
    }

    /** Runs a publication of {@code row.v1} whose rows are those of a query. */
    CommandRun publish(String query, String... options) {
        List<String> arguments = new ArrayList<>(List.of("publish", file("row.yaml"), "--set", "rows=" + query));
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    String file(String name) {
        return directory.resolve(name).toString();
    }

    /** The store in this process, closed with the playground. */
    Store store() {
        Store store = Stores.open(storeUrl(), false);
        stores.add(store);
        return store;
    }

    /** A server in this process that is ready, found by the commands that follow. */
    ServingServer serve() throws InterruptedException {
        ServingConfig config = ServingConfig.load(
                        null, Map.of("PENSTOCK_PRESENCE_INTERVAL", "200ms", "PENSTOCK_WARMUP_DURATION", "0s"))
                .withStore(storeUrl())
                .withListen("127.0.0.1:0")
                .withHttp("none");
        ServingServer started = ServingServer.start(config, store());
        servers.add(started);
        if (!started.awaitReady(Duration.ofSeconds(30))) {
            throw new IllegalStateException("the server is not ready after 30 s");
        }
        server = started.address();
        return started;
    }

    /** Servers before their stores. */
    @Override
    public void close() {
        servers.forEach(ServingServer::close);
        servers.clear();
        stores.forEach(Store::close);
        stores.clear();
    }
}
