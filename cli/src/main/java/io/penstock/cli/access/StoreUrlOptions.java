package io.penstock.cli.access;

import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which store a command works on. */
public class StoreUrlOptions {
    private static final String VARIABLE = "PENSTOCK_STORE";

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "The store, such as lmdb:./store. Default: $" + VARIABLE + ".")
    private @Nullable String store;

    /** Whether the command line itself names a store. */
    public final boolean isGiven() {
        return store != null;
    }

    static boolean isInEnvironment(Console console) {
        return console.environment().containsKey(VARIABLE);
    }

    private String url(Console console) {
        String url = store != null ? store : console.environment().get(VARIABLE);
        if (url == null || url.isBlank()) {
            throw new UsageException("no store: give --store URL or set " + VARIABLE + ", such as lmdb:./store");
        }
        return url;
    }

    /** Opens a store that is there. */
    public final Store open(Console console) {
        return Stores.open(url(console), false);
    }

    /** Opens a store, a new one if there is none. */
    public final Store openOrCreate(Console console) {
        return Stores.open(url(console), true);
    }
}
