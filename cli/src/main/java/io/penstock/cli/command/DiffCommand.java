package io.penstock.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.compare.ComparisonReport;
import io.penstock.publisher.compare.RowDifference;
import io.penstock.publisher.compare.RowPair;
import io.penstock.storage.v1.Row;
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

/** Compares two versions. */
@CommandLine.Command(
        name = "diff",
        description = "Says what differs between two stored versions of a dataset: how many rows, which, and how.")
public final class DiffCommand extends Command {
    @Parameters(index = "0", paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Parameters(index = "1", paramLabel = "V1", description = "The version to compare with.")
    private long before;

    @Parameters(index = "2", paramLabel = "V2", description = "The version that is compared.")
    private long after;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Show this row in both versions and which fields differ, instead of counts; may be repeated.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--rows", description = "Also print the key of every row that differs, and how.")
    private boolean rows;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public DiffCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        DatasetId id = store.dataset(dataset, console);
        try (Store opened = store.open(console);
                Publisher publisher = Publisher.builder(opened).build()) {
            if (keys.isEmpty()) {
                print(id, publisher.compare(id, before, after, rows ? this::print : difference -> {}));
            } else {
                for (String key : keys) {
                    print(id, key, publisher.compareRow(id, before, after, key.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
        return ExitCode.DONE;
    }

    private void print(RowDifference difference) {
        String key = difference.key().toStringUtf8();
        if (json) {
            printJson(Json.object()
                    .put("key", key)
                    .put("change", difference.kind().name()));
        } else {
            printLine(word(difference.kind()) + " " + key);
        }
    }

    private void print(DatasetId id, ComparisonReport report) {
        long oldRows = report.before().getRows();
        long newRows = report.after().getRows();
        if (json) {
            printJson(Json.object()
                    .put("dataset", id.name())
                    .put("before", report.before().getNumber())
                    .put("after", report.after().getNumber())
                    .put("rows_before", oldRows)
                    .put("rows_after", newRows)
                    .put("added", report.added())
                    .put("updated", report.updated())
                    .put("removed", report.removed())
                    .put("unchanged", report.unchanged())
                    .put("buckets_compared", report.bucketsCompared()));
            return;
        }
        printLine(String.format(
                Locale.ROOT,
                "%s: version %d has %,d rows, version %d %,d: %,d added, %,d updated, %,d removed, %,d unchanged",
                id,
                report.before().getNumber(),
                oldRows,
                report.after().getNumber(),
                newRows,
                report.added(),
                report.updated(),
                report.removed(),
                report.unchanged()));
    }

    private void print(DatasetId id, String key, RowPair pair) {
        JsonNode old = StoredRows.json(pair.before(), pair.oldVersion());
        JsonNode now = StoredRows.json(pair.after(), pair.newVersion());
        List<String> fields =
                pair.before() == null || pair.after() == null ? List.of() : StoredRows.changedFields(old, now);
        String change = change(pair.before(), pair.after());
        if (json) {
            ObjectNode object = Json.object()
                    .put("dataset", id.name())
                    .put("key", key)
                    .put("before", before)
                    .put("after", after)
                    .put("change", change);
            object.set("value_before", old);
            object.set("value_after", now);
            fields.forEach(object.putArray("fields")::add);
            printJson(object);
            return;
        }
        printLine(key + ": " + change.toLowerCase(Locale.ROOT)
                + (fields.isEmpty() ? "" : " in " + String.join(", ", fields)));
        printLine("  version " + before + "  " + Json.line(old));
        printLine("  version " + after + "  " + Json.line(now));
    }

    private static String change(@Nullable Row old, @Nullable Row now) {
        if (old == null) {
            return now == null ? "ABSENT" : "ADDED";
        }
        return now == null ? "REMOVED" : old.equals(now) ? "UNCHANGED" : "UPDATED";
    }

    private static String word(RowDifference.Kind kind) {
        return String.format(Locale.ROOT, "%-7s", kind.name().toLowerCase(Locale.ROOT));
    }
}
