package io.penstock.cli.command;

import io.penstock.benchmarks.sort.SortMemory;
import io.penstock.benchmarks.sort.SortMemoryOptions;
import io.penstock.benchmarks.sort.SortMemoryReport;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Measures what sorting takes of the machine's memory. */
@CommandLine.Command(
        name = "sort",
        description = {
            "Sorts rows as a publication does and prints the time and the memory it took.",
            "The heap is the JVM's to limit: PENSTOCK_JAVA_OPTS=-Xmx512m penstock bench sort"
        })
public final class BenchSortCommand extends Command {
    @Option(names = "--rows", paramLabel = "N", description = "How many. Default: ${DEFAULT-VALUE}.")
    private long rows = SortMemoryOptions.DEFAULT_ROWS;

    @Option(names = "--value-bytes", paramLabel = "N", description = "Bytes a row. Default: ${DEFAULT-VALUE}.")
    private int valueBytes = SortMemoryOptions.DEFAULT_VALUE_BYTES;

    public BenchSortCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() {
        SortMemoryOptions options = UsageException.checked(() -> SortMemoryOptions.of(rows, valueBytes));
        SortMemoryReport report = SortMemory.run(options);
        if (json) {
            printJson(Json.of(report));
        } else {
            printLine(report.toText().stripTrailing());
        }
        return ExitCode.DONE;
    }
}
