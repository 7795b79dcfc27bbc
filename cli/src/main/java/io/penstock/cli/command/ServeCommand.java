package io.penstock.cli.command;

import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Serves until it is stopped. */
@CommandLine.Command(
        name = "serve",
        description = {
            "Serves the current versions of one or more namespaces over gRPC until it is stopped; SIGTERM drains it.",
            "Flags go before environment variables, those before the configuration file."
        })
public final class ServeCommand extends Command {
    /** For cutting off the calls that did not end in time, and for closing everything. */
    private static final Duration CLOSING_MAX = Duration.ofSeconds(2);

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "The store, such as lmdb:./store. Default: $PENSTOCK_STORE.")
    private @Nullable String store;

    @Option(
            names = "--namespace",
            paramLabel = "NS,...",
            description = "The namespaces to serve. Default: $PENSTOCK_NAMESPACE, else default.")
    private @Nullable String namespaces;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where gRPC listens. Default: 127.0.0.1:7070.")
    private @Nullable String listen;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Where metrics and health are served, or none. Default: 127.0.0.1:7071.")
    private @Nullable String http;

    @Option(names = "--config", paramLabel = "FILE", description = "A configuration file, YAML.")
    private @Nullable Path config;

    @Option(names = "--insecure", description = "Allow plaintext beyond this machine.")
    private boolean insecure;

    private volatile Duration drainsWithin = Duration.ZERO;

    public ServeCommand(Console console) {
        super(console);
    }

    @Override
    public boolean isService() {
        return true;
    }

    @Override
    public Duration endsWithin() {
        return drainsWithin.plus(CLOSING_MAX);
    }

    @Override
    public ExitCode call() {
        ServingConfig settings =
                ServingConfig.load(config, console.environment()).with(flags());
        if (settings.store().isEmpty()) {
            throw new UsageException("no store: give --store URL or set PENSTOCK_STORE, such as lmdb:./store");
        }
        drainsWithin = settings.shutdown().lameDuck().plus(settings.shutdown().grace());
        try (Store opened = Stores.open(settings.store(), false);
                ServingServer server = ServingServer.start(settings, opened)) {
            announce(server);
            server.awaitClosed();
        } catch (InterruptedException e) {
            return ExitCode.DONE; // stopped; closing has drained it
        }
        return ExitCode.DONE;
    }

    private void announce(ServingServer server) {
        if (json) {
            printJson(Json.object()
                    .put("listen", server.address())
                    .put("http_port", server.httpPort() < 0 ? null : (Integer) server.httpPort()));
        } else {
            printLine("serving on " + server.address()
                    + (server.httpPort() < 0 ? "" : ", HTTP on port " + server.httpPort()));
        }
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>();
        put(flags, "store", store);
        put(flags, "namespaces", namespaces);
        put(flags, "listen", listen);
        put(flags, "http", http);
        if (insecure) {
            flags.put("insecure", "true");
        }
        return flags;
    }

    private static void put(Map<String, String> flags, String setting, @Nullable String value) {
        if (value != null) {
            flags.put(setting, value);
        }
    }
}
