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
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.Generations;
import io.penstock.store.catalog.CatalogRefusedException;
import java.time.Instant;
import java.util.HexFormat;
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

    @Option(names = "--detail", description = "Also print source, contract, checks, labels and what was written.")
    private boolean detail;

    @Mixin
    private final Place place = new Place();

    public VersionsCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws CatalogRefusedException {
        if (place.isStore(console)) {
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
                    describe(details, manifest);
                }
            }
        }
        if (!json) {
            print(table.toString());
            print(details.toString());
        }
    }

    private static String dataAsOf(Manifest manifest) {
        return Times.text(manifest.getDataAsOf()) + (manifest.getDataAsOfAssumed() ? " (assumed)" : "");
    }

    private static void describe(StringBuilder text, Manifest manifest) {
        text.append('\n').append("version ").append(manifest.getNumber()).append('\n');
        line(text, "generation", Generations.format(manifest.getGeneration()));
        line(text, "parent", manifest.getParent() == 0 ? "none" : Generations.format(manifest.getParent()));
        line(text, "contract", manifest.getContract().getMessage() + " " + digest(manifest));
        line(text, "source", manifest.getSource());
        line(
                text,
                "rows",
                manifest.getRows() + ": " + manifest.getRowsAdded() + " added, " + manifest.getRowsUpdated()
                        + " updated, " + manifest.getRowsRemoved() + " removed");
        line(
                text,
                "buckets",
                manifest.getBuckets() + ", " + manifest.getBucketsWritten() + " written; " + manifest.getBytes()
                        + " bytes, " + manifest.getBytesWritten() + " written");
        line(text, "expires", manifest.hasExpiresAt() ? Times.text(manifest.getExpiresAt()) : "never");
        if (manifest.getLabelsCount() > 0) {
            line(text, "labels", manifest.getLabelsMap().toString());
        }
        for (CheckResult check : manifest.getChecksList()) {
            line(
                    text,
                    "check",
                    check.getCheck() + ": "
                            + verdict(check).toLowerCase(Locale.ROOT).replace('_', ' ') + ", " + check.getDetail()
                            + (check.getOverrideReason().isEmpty() ? "" : "; " + check.getOverrideReason()));
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-11s%s%n", name, value));
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
                .put("revision", version.getGeneration() == entry.getCurrent() ? (Long) entry.getRevision() : null);
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
            addDetail(object, manifest);
        }
        return object;
    }

    private static void addDetail(ObjectNode object, Manifest manifest) {
        object.put("parent", manifest.getParent() == 0 ? null : Generations.format(manifest.getParent()))
                .put("message", manifest.getContract().getMessage())
                .put("contract_digest", digest(manifest))
                .put("source", manifest.getSource())
                .put("rows_added", manifest.getRowsAdded())
                .put("rows_updated", manifest.getRowsUpdated())
                .put("rows_removed", manifest.getRowsRemoved())
                .put("buckets", manifest.getBuckets())
                .put("buckets_written", manifest.getBucketsWritten())
                .put("bytes", manifest.getBytes())
                .put("bytes_written", manifest.getBytesWritten());
        var checks = object.putArray("checks");
        for (CheckResult check : manifest.getChecksList()) {
            checks.addObject()
                    .put("check", check.getCheck())
                    .put("verdict", verdict(check))
                    .put("detail", check.getDetail())
                    .put("override_reason", check.getOverrideReason());
        }
        var labels = object.putObject("labels");
        manifest.getLabelsMap().forEach(labels::put);
    }

    private static String digest(Manifest manifest) {
        return HexFormat.of().formatHex(manifest.getContract().getDigest().toByteArray());
    }

    private static String verdict(CheckResult check) {
        return check.getVerdict().name().replace("VERDICT_", "");
    }
}
