package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.Catalogs;
import io.penstock.cli.access.Place;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.Table;
import io.penstock.cli.output.Times;
import io.penstock.serving.v1.Dataset;
import io.penstock.storage.v1.AuditEntry;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.Generations;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the versions of a dataset. */
@CommandLine.Command(
        name = "versions",
        description = "Lists a dataset's versions (--store), or shows the one a server serves (--server).")
public final class VersionsCommand extends Command {
    private static final String NONE = "-";
    private static final String UNREADABLE = "manifest unreadable";

    @Parameters(paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Option(
            names = "--detail",
            description = "Also print source, contract, checks, fields, labels and what was written.")
    private boolean detail;

    @Option(
            names = "--audit",
            description = "Print instead what operators did and which checks were overridden (--store).")
    private boolean audit;

    @Mixin
    private final Place place = new Place();

    public VersionsCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws CatalogRefusedException {
        if (audit) {
            place.refuseServer("--audit");
            printAudit();
        } else if (place.isStore(console)) {
            fromStore();
        } else {
            fromServer();
        }
        return ExitCode.DONE;
    }

    private void fromServer() {
        Dataset served = place.server().call(console, client -> client.getDataset(dataset));
        ObjectNode object = ServedJson.of(served);
        if (json) {
            printJson(object);
            return;
        }
        Table table = new Table("VERSION", "REVISION", "STATE", "ROWS", "DATA AS OF", "PUBLISHED", "ADOPTED");
        if (served.hasVersion()) {
            var version = served.getVersion();
            table.add(
                    String.valueOf(version.getVersion()),
                    String.valueOf(version.getRevision()),
                    ServedJson.state(served),
                    String.valueOf(version.getRows()),
                    Times.text(version.getDataAsOf()),
                    Times.text(version.getPublishedAt()),
                    Times.text(version.getAdoptedAt()));
        }
        print(table.toString());
        if (detail) {
            printLine(Json.pretty(object));
        }
    }

    private void fromStore() throws CatalogRefusedException {
        Instant now = Instant.now();
        DatasetId id = place.store().dataset(dataset, console);
        Table table = new Table("VERSION", "STATE", "ROWS", "DATA AS OF", "PUBLISHED", "AGE", "BY");
        StringBuilder details = new StringBuilder();
        try (Store store = place.store().open(console)) {
            DatasetEntry entry =
                    Catalogs.require(Catalogs.client(store, id.namespace()).require(), id);
            if (entry.hasPause()) {
                details.append('\n').append(Catalogs.paused(entry)).append('\n');
            }
            Map<Long, Manifest> manifests = Catalogs.manifests(store, id, entry.getVersionsList());
            for (VersionEntry version : entry.getVersionsList()) {
                Manifest manifest = manifests.get(version.getGeneration());
                String state = Catalogs.state(entry, version, now);
                if (json) {
                    printJson(object(id, entry, version, manifest, state));
                }
                table.add(
                        String.valueOf(version.getNumber()),
                        state,
                        manifest == null ? NONE : String.valueOf(manifest.getRows()),
                        manifest == null ? UNREADABLE : dataAsOf(manifest),
                        Times.text(version.getCommittedAt()),
                        Times.age(Times.instant(version.getCommittedAt()), now),
                        manifest == null ? NONE : manifest.getPublisher());
                if (detail && manifest != null) {
                    ManifestDetail.describe(details, manifest);
                }
            }
        }
        if (!json) {
            print(table.toString());
            print(details.toString());
        }
    }

    private void printAudit() throws CatalogRefusedException {
        DatasetId id = place.store().dataset(dataset, console);
        Table table = new Table("AT", "BY", "ACTION", "DETAIL");
        try (Store store = place.store().open(console)) {
            CatalogSnapshot catalog = Catalogs.client(store, id.namespace()).require();
            Catalogs.require(catalog, id);
            for (AuditEntry entry : catalog.catalog().getAuditList()) {
                if (!entry.getDataset().equals(id.name())) {
                    continue;
                }
                table.add(Times.text(entry.getAt()), entry.getBy(), entry.getAction(), entry.getDetail());
                if (json) {
                    printJson(Json.object()
                            .put("dataset", id.name())
                            .put("at", Times.text(entry.getAt()))
                            .put("by", entry.getBy())
                            .put("action", entry.getAction())
                            .put("detail", entry.getDetail()));
                }
            }
        }
        if (!json) {
            print(table.toString());
        }
    }

    private static String dataAsOf(Manifest manifest) {
        return Times.text(manifest.getDataAsOf()) + (manifest.getDataAsOfAssumed() ? " (assumed)" : "");
    }

    private ObjectNode object(
            DatasetId id, DatasetEntry entry, VersionEntry version, @Nullable Manifest manifest, String state) {
        ObjectNode object = Json.object()
                .put("dataset", id.name())
                .put("version", version.getNumber())
                .put("state", state.replace(' ', '_').toUpperCase(Locale.ROOT))
                .put("generation", Generations.format(version.getGeneration()))
                .put("committed_at", Times.text(version.getCommittedAt()))
                .put("expires_at", version.hasExpiresAt() ? Times.text(version.getExpiresAt()) : null)
                .put("revision", version.getGeneration() == entry.getCurrent() ? (Long) entry.getRevision() : null)
                .put("paused", entry.hasPause() ? entry.getPause().getReason() : null);
        if (manifest == null) {
            return object.put("rows", (Long) null)
                    .put("data_as_of", (String) null)
                    .put("published_at", (String) null)
                    .put("publisher", (String) null)
                    .put("problem", UNREADABLE);
        }
        object.put("rows", manifest.getRows())
                .put("data_as_of", Times.text(manifest.getDataAsOf()))
                .put("data_as_of_assumed", manifest.getDataAsOfAssumed())
                .put("published_at", Times.text(manifest.getPublishedAt()))
                .put("publisher", manifest.getPublisher());
        if (detail) {
            ManifestDetail.add(object, manifest);
        }
        return object;
    }
}
