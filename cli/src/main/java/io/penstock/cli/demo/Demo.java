package io.penstock.cli.demo;

import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.client.PenstockClient;
import io.penstock.serving.ServingException;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The tour. Every step prints a command and runs it, through the same code as the command line; only the server runs
 * inside this process.
 */
public final class Demo {
    private static final String NAMESPACE = "default";
    private static final String DATASET = "customer-360.v1";

    /** A customer that orders on the first day of changes. */
    private static final String CUSTOMER = "13";

    private static final String ABSENT_CUSTOMER = "999999999";
    private static final String ADDRESS = "127.0.0.1:7070";
    private static final String HTTP_ADDRESS = "127.0.0.1:7071";
    private static final String FREE_ADDRESS = "127.0.0.1:0";

    private static final Duration READY_MAX = Duration.ofSeconds(60);
    private static final Duration ADOPTED_MAX = Duration.ofSeconds(30);
    private static final Duration CALL_MAX = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 20;

    private final Console console;
    private final Runner runner;
    private final Path directory;
    private final double scale;
    private final boolean once;
    private final String storeUrl;

    /** The store's URL without its password. */
    private String shownStore = "";

    /** Runs a command as the command line would. */
    @FunctionalInterface
    public interface Runner {
        ExitCode run(Console console, String... arguments);
    }

    /** @param wantedStore null = an embedded one in {@code directory} */
    public Demo(
            Console console, Runner runner, Path directory, @Nullable String wantedStore, double scale, boolean once) {
        this.console = console;
        this.runner = runner;
        this.directory = directory;
        this.scale = scale;
        this.once = once;
        this.storeUrl = wantedStore == null ? "lmdb:" + directory.resolve("store") : wantedStore;
    }

    /** Runs until the end of the tour, or until it is interrupted. */
    public ExitCode run() throws InterruptedException {
        shownStore = requireFreshStore();
        String warehouse = directory.resolve("warehouse").toString();
        String publication = directory.resolve("publication.yaml").toString();
        say("The files of this demo are in " + directory + ": the contract customer_360.proto, the query"
                + " customer_360.sql and publication.yaml, which ties them together.");
        try {
            say("1. A warehouse: TPC-H data as Parquet files.");
            step(Map.of(), "demo", "generate", warehouse, "--scale", String.valueOf(scale));

            say("2. The query runs in DuckDB; its rows become version 1 of " + DATASET + " in the store.");
            print("$ export PENSTOCK_STORE=" + shownStore);
            step(Map.of(), "publish", publication);

            try (Store store = Stores.open(storeUrl, false);
                    ServingServer server = serve(store)) {
                tour(server, warehouse, publication);
                if (!once) {
                    say("That was the tour. The server goes on until Ctrl-C: try the commands above in another"
                            + " terminal"
                            + (server.httpPort() < 0
                                    ? "."
                                    : ", or http://127.0.0.1:" + server.httpPort() + "/metrics."));
                    server.awaitClosed();
                }
            }
            return ExitCode.DONE;
        } catch (StepFailedException e) {
            return e.exitCode;
        }
    }

    /** The tour counts versions from 1. Returns the URL without its password. */
    private String requireFreshStore() {
        try (Store store = Stores.open(storeUrl, true)) {
            CatalogSnapshot catalog = new CatalogClient(store.catalog(NAMESPACE), NAMESPACE, new Random())
                    .read()
                    .orElse(null);
            if (catalog != null && catalog.dataset(DATASET) != null) {
                throw new UsageException("demo: " + store.url() + " holds " + DATASET
                        + " already (expected: a store without it, such as another database or directory)");
            }
            return store.url();
        }
    }

    private ServingServer serve(Store store) throws InterruptedException {
        say("3. A server. This one runs inside the demo; by hand it is a process of its own.");
        ServingServer server;
        try {
            server = ServingServer.start(config(ADDRESS, HTTP_ADDRESS), store);
        } catch (ServingException e) {
            if (e.code() != ServingException.Code.ADDRESS_UNAVAILABLE) {
                throw e;
            }
            say("Port 7070 or 7071 is in use, so it takes free ones.");
            server = ServingServer.start(config(FREE_ADDRESS, FREE_ADDRESS), store);
        }
        print("$ penstock serve --listen " + server.address() + " --http 127.0.0.1:" + server.httpPort() + " &");
        if (!server.awaitReady(READY_MAX)) {
            server.close();
            throw new IllegalStateException("the server is not ready after " + READY_MAX.toSeconds() + " s");
        }
        print("serving on " + server.address());
        print("$ export PENSTOCK_SERVER=" + server.address());
        return server;
    }

    private ServingConfig config(String listen, String http) {
        return ServingConfig.load(null, console.environment())
                .withStore(storeUrl)
                .withListen(listen)
                .withHttp(http);
    }

    private void tour(ServingServer server, String warehouse, String publication) throws InterruptedException {
        Map<String, String> environment = Map.of("PENSTOCK_SERVER", server.address());
        say("4. Look-ups: one customer, several in one call (all from one version), and one that is certainly absent.");
        step(environment, "get", DATASET, CUSTOMER);
        step(environment, "get", DATASET, "1", "2", "3", "--json");
        expect(ExitCode.NOT_FOUND, environment, "get", DATASET, ABSENT_CUSTOMER);

        say("5. A day passes in the warehouse: about 1 % of the customers order, customer " + CUSTOMER
                + " among them.");
        step(environment, "demo", "change", warehouse);

        say("6. Version 2: only the buckets that changed are written, then one atomic swap.");
        step(environment, "publish", publication);
        step(environment, "get", DATASET, CUSTOMER);
        step(environment, "servers", "--store", storeUrl);

        say("7. Back to version 1: nothing is copied, the catalog moves back and the server follows.");
        step(environment, "rollback", DATASET);
        awaitRevision(server, 3);
        step(environment, "get", DATASET, CUSTOMER);
        step(environment, "versions", DATASET, "--store", storeUrl);
    }

    /** A rollback returns when the catalog has moved; servers follow a moment later. */
    private static void awaitRevision(ServingServer server, long revision) throws InterruptedException {
        long deadline = System.nanoTime() + ADOPTED_MAX.toNanos();
        try (PenstockClient client =
                PenstockClient.builder(server.address()).deadline(CALL_MAX).build()) {
            while (client.getDataset(DATASET).getVersion().getRevision() < revision) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            "the server did not follow within " + ADOPTED_MAX.toSeconds() + " s");
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private void step(Map<String, String> environment, String... arguments) {
        expect(ExitCode.DONE, environment, arguments);
    }

    private void expect(ExitCode expected, Map<String, String> environment, String... arguments) {
        print("$ penstock " + String.join(" ", arguments).replace(storeUrl, shownStore));
        Map<String, String> all = new HashMap<>(console.environment());
        all.remove("PENSTOCK_NAMESPACE");
        all.put("PENSTOCK_STORE", storeUrl);
        all.putAll(environment);
        Console inside = new Console(console.in(), console.out(), console.err(), all, console.interactive());
        ExitCode end = runner.run(inside, arguments);
        if (end != expected) {
            throw new StepFailedException(end == ExitCode.DONE ? ExitCode.UNEXPECTED : end);
        }
    }

    private void say(String text) {
        print("\n" + text);
    }

    private void print(String line) {
        console.out().print(line + "\n");
        console.out().flush();
    }

    /** A command of the tour has failed and said why. */
    private static final class StepFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final ExitCode exitCode;

        StepFailedException(ExitCode exitCode) {
            super("a command of the tour ended with " + exitCode, null, false, false);
            this.exitCode = exitCode;
        }
    }
}
