package io.penstock.cli.command;

import io.penstock.benchmarks.echo.EchoOptions;
import io.penstock.benchmarks.echo.EchoServer;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Runs the baseline server. */
@CommandLine.Command(
        name = "echo",
        description = "Runs the baseline: a bare gRPC server that answers every look-up with the same bytes.")
public final class BenchEchoCommand extends Command {
    @Option(names = "--port", paramLabel = "N", description = "Port on 127.0.0.1. Default: a free one.")
    private int port;

    @Option(names = "--event-loops", paramLabel = "N", description = "Threads. Default: ${DEFAULT-VALUE}.")
    private int eventLoops = EchoOptions.DEFAULT_EVENT_LOOPS;

    @Option(names = "--value-bytes", paramLabel = "N", description = "Bytes a row. Default: ${DEFAULT-VALUE}.")
    private int valueBytes = EchoOptions.DEFAULT_VALUE_BYTES;

    @Option(names = "--batch-rows", paramLabel = "N", description = "Rows a batch. Default: ${DEFAULT-VALUE}.")
    private int batchRows = EchoOptions.DEFAULT_BATCH_ROWS;

    @Option(
            names = "--answer",
            paramLabel = "FILE",
            description = "Answer every look-up with these bytes, such as another server's response message.")
    private @Nullable Path answer;

    public BenchEchoCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws InterruptedException, IOException {
        EchoOptions options = UsageException.checked(
                () -> new EchoOptions(EchoOptions.DEFAULT_HOST, port, eventLoops, valueBytes, batchRows));
        try (EchoServer server =
                answer == null ? EchoServer.start(options) : EchoServer.start(options, Files.readAllBytes(answer))) {
            String address = EchoOptions.DEFAULT_HOST + ":" + server.port();
            if (json) {
                printJson(Json.object().put("address", address));
            } else {
                printLine("echo on " + address + "; Ctrl-C ends it");
            }
            server.awaitClosed();
        }
        return ExitCode.DONE;
    }
}
