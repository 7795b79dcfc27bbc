package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Generations;
import io.penstock.store.catalog.CatalogSnapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists servers and what they serve. */
@CommandLine.Command(
        name = "servers",
        description = "Lists the servers of a namespace and what each serves (--store), or asks one (--server).")
public final class ServersCommand extends Command {
    private static final String NONE = "-";

    @Mixin
    private final Place place = new Place();

    public ServersCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        Table table = new Table("SERVER", "DATASET", "VERSION", "REVISION", "HEARTBEAT", "LOST", "PAUSED", "PROBLEM");
        if (place.isStore(console)) {
            fromStore(table);
        } else {
            fromServer(table);
        }
        if (!json) {
            print(table.toString());
        }
        return ExitCode.DONE;
    }

    private void fromServer(Table table) {
        for (Dataset dataset : place.server().call(console, PenstockClient::listDatasets)) {
            String name = dataset.getNamespace() + "/" + dataset.getName();
            Long version = dataset.hasVersion() ? dataset.getVersion().getVersion() : null;
            row(
                    table,
                    new Serving(
                            place.server().address(console),
                            name,
                            version,
                            dataset.getVersion().getRevision(),
                            Generations.format(dataset.getVersion().getGeneration()),
                            null,
                            null,
                            null,
                            dataset.getProblem()));
        }
    }

    private void fromStore(Table table) {
        String namespace = place.store().namespace(console);
        Instant now = Instant.now();
        try (Store store = place.store().open(console)) {
            CatalogSnapshot catalog = Catalogs.client(store, namespace).require();
            List<PresenceRecord> records = list(store, namespace);
            records.stream()
                    .filter(PresenceRecord::hasServer)
                    .sorted(Comparator.comparing(record -> record.getServer().getAddress()))
                    .forEach(record -> addServer(table, catalog, record, now));
        }
    }

    private void addServer(Table table, CatalogSnapshot catalog, PresenceRecord record, Instant now) {
        String address = record.getServer().getAddress();
        String heartbeat = Times.age(Times.instant(record.getWrittenAt()), now);
        if (record.getServer().getDatasetsCount() == 0) {
            row(table, new Serving(address, null, null, 0, null, heartbeat, 0, null, "serves nothing yet"));
        }
        for (HeldDataset held : record.getServer().getDatasetsList()) {
            row(
                    table,
                    new Serving(
                            address,
                            held.getDataset(),
                            number(catalog, held),
                            held.getRevision(),
                            held.getServing() == 0 ? null : Generations.format(held.getServing()),
                            heartbeat,
                            held.getLostCount(),
                            paused(catalog, held),
                            held.getProblem()));
        }
    }

    private static @Nullable Long number(CatalogSnapshot catalog, HeldDataset held) {
        DatasetEntry dataset = catalog.dataset(held.getDataset());
        VersionEntry version = dataset == null ? null : CatalogSnapshot.findVersion(dataset, held.getServing());
        return version == null ? null : version.getNumber();
    }

    private static @Nullable String paused(CatalogSnapshot catalog, HeldDataset held) {
        DatasetEntry dataset = catalog.dataset(held.getDataset());
        return dataset != null && dataset.hasPause() ? dataset.getPause().getReason() : null;
    }

    private static List<PresenceRecord> list(Store store, String namespace) {
        try {
            return store.presence(namespace).list().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private void row(Table table, Serving serving) {
        if (json) {
            ObjectNode object = Json.object()
                    .put("server", serving.address())
                    .put("dataset", serving.dataset())
                    .put("version", serving.version())
                    .put("revision", serving.revision())
                    .put("generation", serving.generation())
                    .put("heartbeat_age", serving.heartbeatAge())
                    .put("lost_buckets", serving.lost())
                    .put("paused", serving.paused())
                    .put("problem", serving.problem());
            printJson(object);
        }
        table.add(
                serving.address(),
                text(serving.dataset()),
                text(serving.version()),
                String.valueOf(serving.revision()),
                text(serving.heartbeatAge()),
                text(serving.lost()),
                text(serving.paused()),
                serving.problem());
    }

    private static String text(@Nullable Object value) {
        return value == null ? NONE : value.toString();
    }

    /** What one server serves of one dataset; null is not known. */
    private record Serving(
            String address,
            @Nullable String dataset,
            @Nullable Long version,
            long revision,
            @Nullable String generation,
            @Nullable String heartbeatAge,
            @Nullable Integer lost,
            @Nullable String paused,
            String problem) {}
}
