package io.penstock.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.cli.ExitCode;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What every command shares. A failure is thrown; the caller of the command prints it and chooses the exit code. */
public abstract class Command implements Callable<ExitCode> {
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
