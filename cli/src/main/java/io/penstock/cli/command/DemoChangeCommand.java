package io.penstock.cli.command;

import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.demo.TpchWarehouse;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Lets a day pass in the demo's warehouse. */
@CommandLine.Command(
        name = "change",
        description =
                "Lets a day pass in a generated warehouse: about 1 % of the customers order, a few change segment.")
public final class DemoChangeCommand extends Command {
    @Parameters(paramLabel = "DIRECTORY", description = "The warehouse.")
    private Path directory = Path.of("warehouse");

    public DemoChangeCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws IOException, SQLException {
        TpchWarehouse warehouse = UsageException.checked(() -> TpchWarehouse.open(directory));
        TpchWarehouse.Changes changes = warehouse.change();
        if (json) {
            printJson(Json.of(changes));
        } else {
            printLine(directory + ": " + changes.newOrders() + " new orders, " + changes.movedCustomers()
                    + " customers in another market segment");
        }
        return ExitCode.DONE;
    }
}
