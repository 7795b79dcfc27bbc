package io.penstock.cli.command;

import io.penstock.cli.ByteRates;
import io.penstock.cli.Durations;
import io.penstock.cli.ExitCode;
import io.penstock.cli.Problem;
import io.penstock.cli.UsageException;
import io.penstock.cli.access.StoreUrlOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Progress;
import io.penstock.publisher.Outcome;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationPlan;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.ReportJson;
import io.penstock.publisher.protoc.ContractCompiler;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes. */
@CommandLine.Command(
        name = "publish",
        description = {
            "Publishes what publication files describe: runs their queries and makes the rows the current version.",
            "Several files are published one after the other, or with --atomic in one step."
        })
public final class PublishCommand extends Command {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Publication files.")
    private List<Path> files = new ArrayList<>();

    @Mixin
    private final StoreUrlOptions store = new StoreUrlOptions();

    @Option(names = "--dry-run", description = "Find out what would happen; write nothing.")
    private boolean dryRun;

    @Option(names = "--atomic", description = "Commit all files in one step: readers see all of it or nothing.")
    private boolean atomic;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "In place of a value under source.parameters.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write what happened as JSON, an object a file and line.")
    private @Nullable Path report;

    @Option(
            names = "--adoption-timeout",
            paramLabel = "TIME",
            description = "How long servers are waited for after the commit. Default: 60s.")
    private @Nullable String adoptionTimeout;

    @Option(
            names = "--max-bytes-per-second",
            paramLabel = "RATE",
            description = "How much may be written to and read from the store, such as 20MiB. Default: what it takes.")
    private @Nullable String maxBytesPerSecond;

    @Option(
            names = "--max-in-flight",
            paramLabel = "N",
            description = "How many blobs may be on their way to or from the store at a time. Default: what it takes.")
    private @Nullable Integer maxInFlight;

    @Option(
            names = "--rewrite",
            description = "Write every bucket again, also those that did not change: after a loss.")
    private boolean rewrite;

    @Option(names = "--protoc", paramLabel = "FILE", description = "The protobuf compiler. Default: the bundled one.")
    private @Nullable Path protoc;

    @Option(names = "--driver-path", paramLabel = "JAR", description = "A JDBC driver's jar; may be repeated.")
    private List<Path> driverPath = new ArrayList<>();

    @Option(names = "--show-keys", description = "Let messages about rows hold their keys.")
    private boolean showKeys;

    @Option(names = "--override", paramLabel = "CHECK", description = "Let this guardrail fail; may be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it may; kept in manifest and audit trail.")
    private @Nullable String reason;

    public PublishCommand(Console console) {
        super(console);
    }

    /** A file that could be made sense of. */
    private record Planned(Path file, Publication publication) {}

    @Override
    public ExitCode call() throws IOException {
        if (overrides.isEmpty() != (reason == null)) {
            throw new UsageException("--override and --reason belong together: give both or neither");
        }
        PublisherOptions options = options();
        List<ExitCode> ends = new ArrayList<>();
        // Before the store is opened: a bad file must not leave an empty store behind.
        List<Planned> planned = plan(ends);
        if (planned.isEmpty()) {
            return ExitCode.ofFiles(ends);
        }
        try (Reports reports = Reports.open(report);
                Store opened = openStore();
                Progress progress = new Progress(console);
                Publisher publisher = Publisher.builder(opened)
                        .options(options)
                        .observer(progress)
                        .build()) {
            if (atomic && !dryRun) {
                List<PublicationReport> done = publisher.publishAtomically(
                        planned.stream().map(Planned::publication).toList());
                progress.end();
                for (PublicationReport each : done) {
                    ends.add(print(each, reports));
                }
            } else {
                for (Planned each : planned) {
                    ends.add(publishOne(publisher, each, progress, reports));
                }
            }
        }
        return ExitCode.ofFiles(ends);
    }

    /** A file's failure does not keep the others from being published; alone, or in one step, it is the command's own. */
    private List<Planned> plan(List<ExitCode> ends) {
        List<Planned> planned = new ArrayList<>();
        for (Path file : files) {
            try {
                planned.add(new Planned(file, publication(file)));
            } catch (RuntimeException e) {
                if (files.size() == 1 || atomic) {
                    throw e;
                }
                ends.add(fail(file, e));
            }
        }
        return planned;
    }

    /** A dry run creates nothing: instead of a store that is not there yet it looks at an empty one in memory. */
    private Store openStore() {
        if (!dryRun) {
            return store.openOrCreate(console);
        }
        try {
            return store.open(console);
        } catch (StoreException e) {
            if (e.code() != StoreException.Code.NOT_FOUND) {
                throw e;
            }
            console.err().println("penstock: there is no store yet; this is what the first publication would do");
            return Stores.open("memory:dry-run-" + UUID.randomUUID(), true);
        }
    }

    private ExitCode publishOne(Publisher publisher, Planned planned, Progress progress, Reports reports)
            throws IOException {
        try {
            if (dryRun) {
                PublicationPlan plan = publisher.plan(planned.publication());
                progress.end();
                return print(plan, reports);
            }
            PublicationReport done = publisher.publish(planned.publication());
            progress.end();
            return print(done, reports);
        } catch (RuntimeException e) {
            progress.end();
            if (files.size() == 1 || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return fail(planned.file(), e);
        }
    }

    private ExitCode fail(Path file, RuntimeException e) {
        Problem problem = Problem.of(e);
        console.err().println("penstock: " + file + ": " + problem.message());
        if (verbose) {
            e.printStackTrace(console.err());
        }
        return problem.exitCode();
    }

    private Publication publication(Path file) {
        return UsageException.checked(() -> new PublicationAssembly(
                        protoc == null ? ContractCompiler.bundled() : ContractCompiler.with(protoc),
                        parameters,
                        driverPath,
                        showKeys,
                        overrides,
                        reason)
                .assemble(file));
    }

    private PublisherOptions options() {
        PublisherOptions options =
                PublisherOptions.DEFAULTS.withShowKeys(showKeys).withRewrite(rewrite);
        if (adoptionTimeout != null) {
            options = options.withAdoptionTimeout(Durations.parse("adoption-timeout", adoptionTimeout));
        }
        if (maxBytesPerSecond != null) {
            options = options.withMaxBytesPerSecond(ByteRates.parse(maxBytesPerSecond));
        }
        if (maxInFlight != null) {
            int most = maxInFlight;
            PublisherOptions given = options;
            options = UsageException.checked(() -> given.withMaxInFlight(most));
        }
        return options;
    }

    private ExitCode print(PublicationReport done, Reports reports) throws IOException {
        var object = ReportJson.of(done);
        reports.add(object);
        done.warnings().forEach(warning -> console.err().println("penstock: warning: " + warning));
        if (json) {
            printJson(object);
        } else {
            print(PublicationText.of(done));
        }
        return done.outcome() == Outcome.ADOPTION_INCOMPLETE ? ExitCode.ADOPTION_INCOMPLETE : ExitCode.DONE;
    }

    private ExitCode print(PublicationPlan plan, Reports reports) throws IOException {
        var object = ReportJson.of(plan);
        reports.add(object);
        plan.refusals()
                .forEach(refusal ->
                        console.err().println("penstock: " + plan.dataset() + ": would be refused: " + refusal));
        if (json) {
            printJson(object);
        } else {
            print(PublicationText.of(plan));
        }
        return plan.refusals().isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }
}
