package io.penstock.cli.command;

import io.penstock.cli.ExitCode;
import io.penstock.cli.demo.Demo;
import io.penstock.cli.demo.DemoDirectory;
import io.penstock.cli.output.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The tour. */
@CommandLine.Command(
        name = "demo",
        description = {
            "The tour: a TPC-H warehouse, customer-360 published, served, looked up, changed, published again, rolled back.",
            "It prints every command it runs, then serves until Ctrl-C."
        })
public final class DemoCommand extends Command {
    /** Its server drains for at most 8 seconds, and closes. */
    private static final Duration SERVER_ENDS_WITHIN = Duration.ofSeconds(9);

    private final Demo.Runner runner;

    @Option(names = "--once", description = "End after the tour instead of serving on.")
    private boolean once;

    @Option(names = "--scale", paramLabel = "N", description = "1 = 150,000 customers. Default: ${DEFAULT-VALUE}.")
    private double scale = 0.1;

    @Option(
            names = "--dir",
            paramLabel = "DIRECTORY",
            description = "Where its files go, to be kept. Default: a temporary directory that is deleted at the end.")
    private @Nullable Path directory;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "Where it publishes, such as redis://localhost. Default: an embedded store in its directory.")
    private @Nullable String store;

    /** @param runner runs the commands of the tour */
    public DemoCommand(Console console, Demo.Runner runner) {
        super(console);
        this.runner = runner;
    }

    @Override
    public boolean isService() {
        return !once;
    }

    @Override
    public Duration endsWithin() {
        return once ? super.endsWithin() : SERVER_ENDS_WITHIN;
    }

    @Override
    public ExitCode call() throws IOException, InterruptedException {
        try (DemoDirectory files = DemoDirectory.prepare(directory)) {
            return new Demo(console, runner, files.path(), store, scale, once).run();
        }
    }
}
