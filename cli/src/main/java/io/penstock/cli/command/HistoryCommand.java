package io.penstock.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.Table;
import io.penstock.cli.output.Times;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.compare.RowMoment;
import io.penstock.publisher.compare.RowMoment.Change;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells when a row changed. */
@CommandLine.Command(
        name = "history",
        description = {
            "Tells when a row changed, and by which publication or rollback, as readers saw it.",
            "It goes back as far as versions are kept and the catalog lists moves."
        })
public final class HistoryCommand extends Command {
    private static final String NONE = "-";

    @Parameters(index = "0", paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, as the contract encodes it.")
    private String key = "";

    @Option(names = "--all", description = "Also list moves that did not change the row.")
    private boolean all;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public HistoryCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        DatasetId id = store.dataset(dataset, console);
        List<RowMoment> moments;
        try (Store opened = store.open(console);
                Publisher publisher = Publisher.builder(opened).build()) {
            moments = publisher.history(id, key.getBytes(StandardCharsets.UTF_8));
        }
        Table table =
                new Table("REVISION", "AT", "CHANGE", "VERSION", "BY", "DATA AS OF", "SOURCE", "LABELS", "FIELDS");
        RowMoment before = null;
        boolean ever = false;
        for (RowMoment moment : moments) {
            boolean shown = all || (moment.change() != Change.UNCHANGED && moment.change() != Change.UNKNOWN);
            if (shown) {
                print(table, id, moment, before);
            }
            ever |= moment.row() != null;
            before = moment;
        }
        if (!json) {
            print(table.toString());
        }
        if (!ever) {
            console.err().println("penstock: " + id + ": no version that is kept has this key");
            return ExitCode.NOT_FOUND;
        }
        return ExitCode.DONE;
    }

    private void print(Table table, DatasetId id, RowMoment moment, @Nullable RowMoment before) {
        Manifest version = moment.version();
        JsonNode value = version == null ? Json.object().nullNode() : StoredRows.json(moment.row(), version);
        List<String> fields = new ArrayList<>();
        if (moment.change() == Change.UPDATED && before != null && before.version() != null) {
            fields = StoredRows.changedFields(StoredRows.json(before.row(), before.version()), value);
        }
        if (json) {
            printJson(object(id, moment, value, fields));
            return;
        }
        table.add(
                String.valueOf(moment.revision()),
                moment.movedAt().toString(),
                moment.change().name().toLowerCase(Locale.ROOT) + (moment.rollback() ? " (rollback)" : ""),
                moment.number() == 0 ? NONE : String.valueOf(moment.number()),
                version == null ? NONE : version.getPublisher(),
                version == null ? NONE : Times.text(version.getDataAsOf()),
                version == null ? NONE : version.getSource(),
                version == null || version.getLabelsCount() == 0
                        ? NONE
                        : version.getLabelsMap().toString(),
                fields.isEmpty() ? NONE : String.join(", ", fields));
    }

    private ObjectNode object(DatasetId id, RowMoment moment, JsonNode value, List<String> fields) {
        Manifest version = moment.version();
        ObjectNode object = Json.object()
                .put("dataset", id.name())
                .put("key", key)
                .put("revision", moment.revision())
                .put("at", moment.movedAt().toString())
                .put("change", moment.change().name())
                .put("by", moment.rollback() ? "ROLLBACK" : "PUBLICATION")
                .put("version", moment.number() == 0 ? null : (Long) moment.number());
        if (version != null) {
            object.put("data_as_of", Times.text(version.getDataAsOf()))
                    .put("published_at", Times.text(version.getPublishedAt()))
                    .put("publisher", version.getPublisher())
                    .put("source", version.getSource());
            ObjectNode labels = object.putObject("labels");
            version.getLabelsMap().forEach(labels::put);
        }
        fields.forEach(object.putArray("fields")::add);
        object.set("value", value);
        return object;
    }
}
