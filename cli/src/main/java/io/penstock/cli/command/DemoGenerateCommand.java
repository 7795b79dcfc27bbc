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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the demo's warehouse. */
@CommandLine.Command(name = "generate", description = "Generates a TPC-H warehouse as Parquet files.")
public final class DemoGenerateCommand extends Command {
    @Parameters(paramLabel = "DIRECTORY", description = "Where; there must be no warehouse yet.")
    private Path directory = Path.of("warehouse");

    @Option(names = "--scale", paramLabel = "N", description = "1 = 150,000 customers. Default: ${DEFAULT-VALUE}.")
    private double scale = 0.1;

    public DemoGenerateCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws IOException, SQLException {
        TpchWarehouse.Size size;
        try {
            size = TpchWarehouse.generate(directory, scale).size();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        if (json) {
            printJson(Json.of(size));
        } else {
            printLine(directory + ": " + size.customers() + " customers, " + size.orders() + " orders, "
                    + size.lineitems() + " line items");
        }
        return ExitCode.DONE;
    }
}
