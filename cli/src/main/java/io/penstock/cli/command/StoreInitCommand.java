package io.penstock.cli.command;

import io.penstock.cli.ExitCode;
import io.penstock.cli.access.Catalogs;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.store.Store;
import io.penstock.store.blob.Generations;
import io.penstock.store.catalog.CatalogSnapshot;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Prepares a store. */
@CommandLine.Command(
        name = "init",
        description = "Creates a namespace's empty catalog, and an embedded store; does nothing if it is there.")
public final class StoreInitCommand extends Command {
    @Mixin
    private final StoreOptions store = new StoreOptions();

    public StoreInitCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        String namespace = store.namespace(console);
        CatalogSnapshot catalog;
        String url;
        try (Store opened = store.openOrCreate(console)) {
            opened.checkHealth();
            url = opened.url();
            Catalogs.admin(opened, namespace).initialise();
            catalog = Catalogs.client(opened, namespace).require();
        }
        String storeId = Generations.format(catalog.catalog().getStoreId());
        if (json) {
            printJson(Json.object()
                    .put("store", url)
                    .put("namespace", namespace)
                    .put("store_id", storeId)
                    .put("datasets", catalog.catalog().getDatasetsCount()));
        } else {
            printLine(url + ": namespace " + namespace + " is initialised, store id " + storeId + ", "
                    + catalog.catalog().getDatasetsCount() + " datasets");
        }
        return ExitCode.DONE;
    }
}
