package io.penstock.cli.command;

import io.penstock.cli.ExitCode;
import io.penstock.cli.access.Catalogs;
import io.penstock.cli.access.StoreOptions;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds publications of a dataset. */
@CommandLine.Command(
        name = "pause",
        description = "Refuses publications of a dataset until 'penstock resume'. Reading and rollback go on.")
public final class PauseCommand extends Command {
    @Parameters(paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why; shown to those who are refused.")
    private String reason = "";

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public PauseCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        DatasetId id = store.dataset(dataset, console);
        try (Store opened = store.open(console)) {
            Catalogs.admin(opened, id.namespace()).pause(id.name(), reason);
        }
        if (json) {
            printJson(Json.object().put("dataset", id.name()).put("paused", reason));
        } else {
            printLine(id.name() + ": paused; 'penstock resume " + id.name() + "' ends it");
        }
        return ExitCode.DONE;
    }
}
