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
import picocli.CommandLine.Parameters;

/** Lets publications of a dataset go on. */
@CommandLine.Command(name = "resume", description = "Allows publications of a paused dataset again.")
public final class ResumeCommand extends Command {
    @Parameters(paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Mixin
    private final StoreOptions store = new StoreOptions();

    public ResumeCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        DatasetId id = store.dataset(dataset, console);
        try (Store opened = store.open(console)) {
            Catalogs.admin(opened, id.namespace()).resume(id.name());
        }
        if (json) {
            printJson(Json.object().put("dataset", id.name()).putNull("paused"));
        } else {
            printLine(id.name() + ": publications are allowed");
        }
        return ExitCode.DONE;
    }
}
