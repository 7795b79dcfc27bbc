package io.penstock.cli.command;

import io.penstock.cli.Durations;
import io.penstock.cli.ExitCode;
import io.penstock.cli.Problem;
import io.penstock.cli.UsageException;
import io.penstock.cli.access.ServerException;
import io.penstock.cli.access.ServerOptions;
import io.penstock.cli.output.Console;
import io.penstock.client.PenstockClient;
import io.penstock.client.PenstockException;
import io.penstock.client.ReadOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks keys up. */
@CommandLine.Command(
        name = "get",
        description = {
            "Looks keys up.",
            "A key is written as the contract encodes it: numbers in decimal, strings as they are; several key fields"
                    + " joined by '|', with '\\' before a '|' or '\\' that is part of a value."
        })
public final class GetCommand extends Command {
    private static final int BATCH_KEYS_MAX = 500;
    private static final int BATCH_BYTES_MAX = 128 << 10;

    @Parameters(index = "0", paramLabel = "DATASET", description = "customer-360.v1, or namespace/customer-360.v1.")
    private String dataset = "";

    @Parameters(index = "1..*", paramLabel = "KEY", description = "Keys.")
    private List<String> keys = new ArrayList<>();

    @Option(names = "--keys", paramLabel = "FILE", description = "A file with a key on each line; - is standard input.")
    private @Nullable String keysFile;

    @Option(names = "--version", paramLabel = "N", description = "Read this version instead of the current one.")
    private long version;

    @Option(
            names = "--max-age",
            paramLabel = "TIME",
            description = "Refuse data older than this (now - data_as_of), such as 26h.")
    private @Nullable String maxAge;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    public GetCommand(Console console) {
        super(console);
    }

    @Override
    public ExitCode call() throws IOException {
        KeyFile.requireOneWay(keys, keysFile);
        if (version < 0) {
            throw new UsageException("version: " + version + " (expected: > 0)");
        }
        return server.call(console, this::lookAll);
    }

    private ReadOptions options() {
        ReadOptions options = ReadOptions.none().withVersion(version);
        return maxAge == null
                ? options
                : UsageException.checked(() -> options.withMaxAge(Durations.parse("max-age", String.valueOf(maxAge))));
    }

    private ExitCode lookAll(PenstockClient client) throws IOException {
        Lookups lookups = new Lookups(client, dataset, options(), new RowPrinter(console, dataset, json));
        try {
            if (keysFile == null) {
                for (int from = 0; from < keys.size(); from += BATCH_KEYS_MAX) {
                    lookups.look(keys.subList(from, Math.min(keys.size(), from + BATCH_KEYS_MAX)));
                }
            } else {
                lookAllInFile(keysFile, lookups);
            }
        } catch (PenstockException e) {
            Problem problem = Problem.of(new ServerException(server.address(console), e));
            if (lookups.endedEarly(problem.exitCode()) == problem.exitCode()) {
                throw e;
            }
            console.err().println("penstock: " + problem.message());
        }
        return lookups.exitCode();
    }

    private void lookAllInFile(String name, Lookups lookups) throws IOException {
        try (KeyFile file = KeyFile.open(name, console)) {
            List<String> batch = new ArrayList<>();
            int bytes = 0;
            for (String key = file.next(); key != null; key = file.next()) {
                batch.add(key);
                bytes += key.getBytes(StandardCharsets.UTF_8).length;
                if (batch.size() == BATCH_KEYS_MAX || bytes >= BATCH_BYTES_MAX) {
                    lookups.look(batch);
                    batch.clear();
                    bytes = 0;
                    if (console.readerGone()) {
                        return;
                    }
                }
            }
            if (!batch.isEmpty()) {
                lookups.look(batch);
            }
        }
    }
}
