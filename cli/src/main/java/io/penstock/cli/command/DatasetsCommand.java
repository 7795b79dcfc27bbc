package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.Catalogs;
import io.penstock.cli.access.Place;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.Table;
import io.penstock.cli.output.Times;
import io.penstock.client.PenstockClient;
import io.penstock.serving.v1.Dataset;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.Store;
import io.penstock.store.catalog.CatalogSnapshot;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists datasets. */
@CommandLine.Command(
        name = "datasets",
        description = "Lists datasets: as a server serves them (--server), or as the catalog has them (--store).")
public final class DatasetsCommand extends Command {
    private static final String NONE = "-";

    @Mixin
    private final Place place = new Place();

    public DatasetsCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        if (place.isStore(console)) {
            fromStore();
        } else {
            fromServer();
        }
        return ExitCode.DONE;
    }

    private void fromServer() {
        Instant now = Instant.now();
        Table table = new Table(
                "NAMESPACE",
                "DATASET",
                "STATE",
                "VERSION",
                "REVISION",
                "ROWS",
                "DATA AS OF",
                "AGE",
                "OWNER",
                "PROBLEM");
        ArrayNode list = Json.array();
        for (Dataset dataset : place.server().call(console, PenstockClient::listDatasets)) {
            var version = dataset.getVersion();
            list.add(ServedJson.of(dataset));
            boolean loaded = dataset.hasVersion();
            table.add(
                    dataset.getNamespace(),
                    dataset.getName(),
                    ServedJson.state(dataset),
                    loaded ? String.valueOf(version.getVersion()) : NONE,
                    loaded ? String.valueOf(version.getRevision()) : NONE,
                    loaded ? String.valueOf(version.getRows()) : NONE,
                    loaded ? Times.text(version.getDataAsOf()) : NONE,
                    loaded ? Times.age(Times.instant(version.getDataAsOf()), now) : NONE,
                    dataset.getOwner(),
                    dataset.getProblem());
        }
        printList(list, table);
    }

    private void fromStore() {
        Table table = new Table("NAMESPACE", "DATASET", "VERSION", "REVISION", "KEPT", "PUBLISHING", "PAUSED");
        ArrayNode list = Json.array();
        String namespace = place.store().namespace(console);
        try (Store store = place.store().open(console)) {
            CatalogSnapshot catalog = Catalogs.client(store, namespace).require();
            for (DatasetEntry dataset : catalog.catalog().getDatasetsList()) {
                VersionEntry current = CatalogSnapshot.findVersion(dataset, dataset.getCurrent());
                long kept = dataset.getVersionsList().stream()
                        .filter(version -> version.getState() == VersionEntry.State.STATE_KEPT)
                        .count();
                var object = Json.object().put("namespace", namespace).put("dataset", dataset.getName());
                object.put("version", current == null ? null : (Long) current.getNumber());
                object.put("revision", dataset.getRevision()).put("kept", kept);
                object.put(
                        "publishing",
                        dataset.hasSlot() ? (Long) dataset.getSlot().getNumber() : null);
                object.put("paused", dataset.hasPause() ? dataset.getPause().getReason() : null);
                list.add(object);
                table.add(
                        namespace,
                        dataset.getName(),
                        current == null ? NONE : String.valueOf(current.getNumber()),
                        String.valueOf(dataset.getRevision()),
                        String.valueOf(kept),
                        dataset.hasSlot() ? "version " + dataset.getSlot().getNumber() : NONE,
                        dataset.hasPause()
                                ? "by " + dataset.getPause().getBy() + ": "
                                        + dataset.getPause().getReason()
                                : NONE);
            }
        }
        printList(list, table);
    }

    private void printList(ArrayNode list, Table table) {
        if (json) {
            list.forEach(this::printJson);
        } else {
            print(table.toString());
        }
    }
}
