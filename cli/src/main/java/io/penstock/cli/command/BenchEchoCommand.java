package io.penstock.cli.command;

import io.penstock.benchmarks.MessageFile;
import io.penstock.benchmarks.echo.EchoAnswers;
import io.penstock.benchmarks.echo.EchoOptions;
import io.penstock.benchmarks.echo.EchoServer;
import io.penstock.benchmarks.wire.RawMethods;
import io.penstock.cli.ExitCode;
import io.penstock.cli.UsageException;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
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
    private int valueBytes = EchoAnswers.DEFAULT_VALUE_BYTES;

    @Option(names = "--batch-rows", paramLabel = "N", description = "Rows a batch. Default: ${DEFAULT-VALUE}.")
    private int batchRows = EchoAnswers.DEFAULT_BATCH_ROWS;

    @Option(
            names = "--response",
            paramLabel = "FILE",
            description = "Answer --method with this message: its bytes, or with gRPC's five bytes before them.")
    private @Nullable Path response;

    @Option(
            names = "--response-of",
            paramLabel = "HOST:PORT",
            description = "Answer --method with what this server answers to --body now.")
    private @Nullable String responseOf;

    @Option(names = "--method", paramLabel = "METHOD", description = "package.Service/Method. Default: Get's.")
    private String method = RawMethods.GET.getFullMethodName();

    @Option(names = "--body", paramLabel = "FILE", description = "The request for --response-of, as --response.")
    private @Nullable Path body;

    public BenchEchoCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws InterruptedException {
        EchoOptions options =
                UsageException.checked(() -> new EchoOptions(EchoOptions.DEFAULT_HOST, port, eventLoops, answers()));
        try (EchoServer server = EchoServer.start(options)) {
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

    private EchoAnswers answers() {
        EchoAnswers rows = EchoAnswers.ofRows(valueBytes, batchRows);
        if (response != null) {
            return rows.and(EchoAnswers.of(method, MessageFile.read(response)));
        }
        if (responseOf == null) {
            return rows;
        }
        if (body == null) {
            throw new UsageException("response-of: needs --body, the request to send");
        }
        return rows.and(EchoAnswers.fetched(responseOf, method, MessageFile.read(body)));
    }
}
