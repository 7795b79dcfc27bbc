package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.Durations;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.Progress;
import io.penstock.publisher.ErasureReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Erases keys. */
@CommandLine.Command(
        name = "erase",
        description = {
            "Erases keys for good: publishes the current version without them, keeps them out of later ones,",
            "and deletes every version that holds them."
        })
public final class EraseCommand extends Command {
    @Parameters(index = "0", paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY", description = "Keys, as the contract encodes them.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--keys",
            paramLabel = "FILE",
            description = "A file with a key a line instead, which no list of processes shows; - is standard input.")
    private @Nullable String keysFile;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why; kept in the audit trail. Do not write a key into it.")
    private String reason = "";

    @Option(names = "--lift", description = "Instead allow these keys to be published again.")
    private boolean lift;

    @Option(
            names = "--adoption-timeout",
            paramLabel = "TIME",
            description = "How long servers are waited for before versions are deleted. Default: 60s.")
    private @Nullable String adoptionTimeout;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public EraseCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws IOException {
        DatasetId id = store.dataset(dataset, console);
        List<byte[]> all = keys();
        PublisherOptions options = adoptionTimeout == null
                ? PublisherOptions.DEFAULTS
                : PublisherOptions.DEFAULTS.withAdoptionTimeout(Durations.parse("adoption-timeout", adoptionTimeout));
        try (Store opened = store.open(console);
                Progress progress = new Progress(console);
                Publisher publisher = Publisher.builder(opened)
                        .options(options)
                        .observer(progress)
                        .build()) {
            if (lift) {
                int lifted = publisher.lift(id, all, reason);
                progress.end();
                printLifted(id, lifted);
                return ExitCode.DONE;
            }
            ErasureReport report = publisher.erase(id, all, reason);
            progress.end();
            return print(id, report);
        }
    }

    private List<byte[]> keys() throws IOException {
        KeyFile.requireOneWay(keys, keysFile);
        Set<String> distinct = new LinkedHashSet<>(keys);
        if (keysFile != null) {
            try (KeyFile file = KeyFile.open(keysFile, console)) {
                for (String key = file.next(); key != null; key = file.next()) {
                    distinct.add(key);
                }
            }
        }
        distinct.remove("");
        return distinct.stream()
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private void printLifted(DatasetId id, int lifted) {
        if (json) {
            printJson(Json.object().put("dataset", id.name()).put("lifted", lifted));
        } else {
            printLine(id + ": " + lifted + " keys may be published again");
        }
    }

    private ExitCode print(DatasetId id, ErasureReport report) {
        report.publication().warnings().forEach(warning -> console.err().println("penstock: warning: " + warning));
        boolean published = report.publication().committed();
        long version = report.publication().manifest().getNumber();
        long removed = published ? report.publication().manifest().getRowsRemoved() : 0;
        if (json) {
            ObjectNode object = Json.object()
                    .put("dataset", id.name())
                    .put("outcome", report.publication().outcome().name())
                    .put("version", version)
                    .put("rows_removed", removed)
                    .put("keys_erased", report.keysErased())
                    .put("keys_erased_in_all", report.keysErasedInAll())
                    .put("complete", report.complete());
            report.purged().forEach(object.putArray("purged")::add);
            printJson(object);
        } else {
            printLine(id + ": " + report.keysErased() + " keys erased (" + report.keysErasedInAll()
                    + " in all); version " + version + " is current "
                    + (published ? "without them, " + removed + " rows fewer" : "and had none"));
            if (!report.purged().isEmpty()) {
                printLine("  deleting   versions " + report.purged() + ", which hold them: by the next publication or"
                        + " 'penstock gc' from a minute on");
            }
            printLine(
                    "  remains    what the store has not overwritten yet, its backups, and the source: docs/erasure.md");
        }
        if (!report.complete()) {
            console.err()
                    .println(
                            "penstock: " + id + ": not every server is known to have left the earlier versions, so none"
                                    + " was deleted; run it again");
        }
        return report.complete() ? ExitCode.DONE : ExitCode.ADOPTION_INCOMPLETE;
    }
}
