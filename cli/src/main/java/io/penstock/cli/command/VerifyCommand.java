package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.Sizes;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.verify.AuditReport;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Audits a stored version. */
@CommandLine.Command(
        name = "verify",
        description = {
            "Reads a whole stored version and checks that every blob is there and is what was written.",
            "Says what to do about a loss, and then ends with 6."
        })
public final class VerifyCommand extends Command {
    @Parameters(paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Option(names = "--version", paramLabel = "N", description = "The version. Default: the current one.")
    private @Nullable Long version;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public VerifyCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        DatasetId id = store.dataset(dataset, console);
        AuditReport report;
        try (Store opened = store.open(console);
                Publisher publisher = Publisher.builder(opened).build()) {
            report = publisher.audit(id, version == null ? OptionalLong.empty() : OptionalLong.of(version));
        }
        String name = id + ": version " + report.version();
        if (json) {
            printJson(object(report));
        } else {
            printLine(String.format(
                    Locale.ROOT,
                    "%s: %s, %,d rows in %,d buckets (%s); %,d blobs read",
                    name,
                    report.isWhole() ? "whole" : "NOT whole",
                    report.rows(),
                    report.buckets(),
                    Sizes.text(report.bytes()),
                    report.blobsRead()));
        }
        if (report.isWhole()) {
            return ExitCode.DONE;
        }
        report.findings().forEach(finding -> console.err().println("penstock: " + name + ": " + finding));
        if (report.problems() > report.findings().size()) {
            console.err()
                    .println("penstock: " + name + ": and "
                            + (report.problems() - report.findings().size()) + " more");
        }
        console.err().println("penstock: " + name + " is not whole; " + report.advice());
        return ExitCode.DATA_LOSS;
    }

    private static ObjectNode object(AuditReport report) {
        ObjectNode object = Json.object()
                .put("dataset", report.dataset().name())
                .put("version", report.version())
                .put("current", report.current())
                .put("whole", report.isWhole())
                .put("rows", report.rows())
                .put("buckets", report.buckets())
                .put("bytes", report.bytes())
                .put("blobs_read", report.blobsRead())
                .put("problems", report.problems());
        report.findings().forEach(object.putArray("findings")::add);
        return object.put("advice", report.advice());
    }
}
