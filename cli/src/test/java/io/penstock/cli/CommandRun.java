package io.penstock.cli;

import io.penstock.cli.output.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** A command that was run in this process, and what came of it. */
public record CommandRun(ExitCode exitCode, String out, String err) {
    public static CommandRun of(String... arguments) {
        return of(Map.of(), "", arguments);
    }

    public static CommandRun of(Map<String, String> environment, String input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false);
        ExitCode exitCode = Penstock.run(console, arguments);
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A console nobody reads. */
    static Console silent() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Console(InputStream.nullInputStream(), nowhere, nowhere, Map.of(), false);
    }

    /** The lines of standard error that say what is wrong; without progress. */
    public String problems() {
        return err.lines().filter(line -> line.startsWith("penstock: ")).collect(Collectors.joining("\n"));
    }
}
