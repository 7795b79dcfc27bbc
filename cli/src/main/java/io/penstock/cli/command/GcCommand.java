package io.penstock.cli.command;

import io.penstock.cli.Durations;
import io.penstock.cli.ExitCode;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.publisher.collect.Collector;
import io.penstock.publisher.collect.GcOptions;
import io.penstock.publisher.collect.GcReport;
import io.penstock.store.Store;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Deletes blobs that no one needs. */
@CommandLine.Command(
        name = "gc",
        description = "Deletes the blobs of retired versions and of publications that did not end well."
                + " Every publication does it, too.")
public final class GcCommand extends Command {
    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description = "How long a version is spared after it began to retire. Default: 60s.")
    private @Nullable String grace;

    @Option(
            names = "--sweep-now",
            description = "Take the grace as it is, however short, and do not watch abandoned publications for a day."
                    + " Only when nobody reads or publishes.")
    private boolean sweepNow;

    @Option(names = "--full", description = "List every blob of the namespace and delete those nobody knows.")
    private boolean full;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public GcCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        GcReport report;
        Duration spared = grace == null ? GcOptions.DEFAULTS.grace() : Durations.parse("grace", grace);
        try (Store opened = store.open(console)) {
            report = Collector.of(opened, store.namespace(console))
                    .collect(GcOptions.DEFAULTS
                            .withGrace(spared)
                            .withSweepNow(sweepNow)
                            .withFull(full));
        }
        if (json) {
            printJson(Json.of(report));
        } else {
            describe(report);
        }
        return ExitCode.DONE;
    }

    private void describe(GcReport report) {
        report.abandoned().forEach(version -> printLine(name(version) + ": given up, its publisher is silent"));
        report.collected().forEach(version -> printLine(name(version) + ": deleted"));
        report.swept().forEach(version -> printLine(name(version) + ": swept, it was never committed"));
        report.blocked()
                .forEach(blocked -> printLine(blocked.dataset() + " version " + blocked.number() + ": retiring since "
                        + blocked.since() + ", held by " + blocked.by()));
        report.warnings().forEach(warning -> console.err().println("penstock: warning: " + warning));
        printLine(report.blobsDeleted() + " blobs deleted");
    }

    private static String name(GcReport.Version version) {
        return version.dataset() + " version " + version.number();
    }
}
