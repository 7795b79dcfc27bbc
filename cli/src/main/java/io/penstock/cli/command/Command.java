package io.penstock.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What every command shares. A failure is thrown; the caller of the command prints it and chooses the exit code. */
public abstract class Command implements Callable<ExitCode> {
    /** To end, a command has no more to do than to tell others at once what they would find out in a few seconds. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

    protected final Console console;

    @Option(names = "--json", description = "Print JSON for programs.")
    protected boolean json;

    @Option(names = "--verbose", description = "Print stack traces and the log.")
    protected boolean verbose;

    protected Command(Console console) {
        this.console = console;
    }

    @Override
    public abstract ExitCode call() throws Exception;

    public final boolean isVerbose() {
        return verbose;
    }

    /** Whether this command runs until it is stopped, and so logs what it does. */
    public boolean isService() {
        return false;
    }

    /** How long Ctrl-C and SIGTERM let it tidy up. Any thread. */
    public Duration endsWithin() {
        return ENDS_WITHIN;
    }

    protected final void print(String text) {
        console.out().print(text);
        console.out().flush();
    }

    protected final void printLine(String line) {
        print(line + "\n");
    }

    protected final void printJson(JsonNode node) {
        printLine(Json.line(node));
    }
}
