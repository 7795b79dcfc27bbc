package io.penstock.cli.access;

import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import picocli.CommandLine.Mixin;

/**
 * Where a command that can ask either reads from. What the command line names wins; then what the environment names, the
 * server first; then the server at its default address.
 */
public final class Place {
    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public ServerOptions server() {
        return server;
    }

    public StoreOptions store() {
        return store;
    }

    /** Whether the command line itself names a server or a store. */
    public boolean isGiven() {
        return server.isGiven() || store.isGiven();
    }

    /** Refuses {@code --server} for what only a store knows. */
    public void refuseServer(String option) {
        if (server.isGiven()) {
            throw new UsageException(option + " is of a store (expected: --store URL)");
        }
    }

    public boolean isStore(Console console) {
        if (server.isGiven() && store.isGiven()) {
            throw new UsageException("both --server and --store are given (expected: one of them)");
        }
        if (server.isGiven() || store.isGiven()) {
            return store.isGiven();
        }
        return !ServerOptions.isInEnvironment(console) && StoreOptions.isInEnvironment(console);
    }
}
