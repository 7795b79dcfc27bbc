package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.access.Catalogs;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.publisher.admin.RollbackReport;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes back to an earlier version. */
@CommandLine.Command(
        name = "rollback",
        description = {
            "Goes back to an earlier version; what was published since is undone for good.",
            "Datasets that were committed together with an undone version go back with it."
        })
public final class RollbackCommand extends Command {
    @Parameters(paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Option(names = "--to", paramLabel = "N", description = "The version to go back to. Default: the one before.")
    private @Nullable Long to;

    @Option(names = "--alone", description = "Leave datasets that were committed together as they are.")
    private boolean alone;

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public RollbackCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        if (to != null && to < 1) {
            throw new UsageException("to: " + to + " (expected: > 0)");
        }
        DatasetId id = store.dataset(dataset, console);
        RollbackReport report;
        try (Store opened = store.open(console)) {
            report = Catalogs.admin(opened, id.namespace())
                    .rollback(id.name(), to == null ? OptionalLong.empty() : OptionalLong.of(to), alone);
        }
        if (!report.moved()) {
            print(id.name() + ": version " + to + " is current already", move(id.name(), false, to, to, null));
        }
        for (RollbackReport.Moved moved : report.datasets()) {
            print(
                    moved.dataset() + ": version " + moved.from() + " -> " + moved.to() + ", revision "
                            + moved.revision(),
                    move(moved.dataset(), true, moved.from(), moved.to(), moved.revision()));
        }
        return ExitCode.DONE;
    }

    private void print(String text, ObjectNode object) {
        if (json) {
            printJson(object);
        } else {
            printLine(text);
        }
    }

    private static ObjectNode move(
            String dataset, boolean moved, @Nullable Long from, @Nullable Long to, @Nullable Long revision) {
        return Json.object()
                .put("dataset", dataset)
                .put("moved", moved)
                .put("from", from)
                .put("to", to)
                .put("revision", revision);
    }
}
