package io.penstock.cli;

import io.penstock.cli.command.BenchDataCommand;
import io.penstock.cli.command.BenchEchoCommand;
import io.penstock.cli.command.BenchGoalsCommand;
import io.penstock.cli.command.BenchLoadCommand;
import io.penstock.cli.command.BenchMemoryCommand;
import io.penstock.cli.command.BenchPublishCommand;
import io.penstock.cli.command.BenchScaleCommand;
import io.penstock.cli.command.BenchSortCommand;
import io.penstock.cli.command.BenchSwapCommand;
import io.penstock.cli.command.BenchWarmupCommand;
import io.penstock.cli.command.Command;
import io.penstock.cli.command.ContractCheckCommand;
import io.penstock.cli.command.ContractShowCommand;
import io.penstock.cli.command.DatasetsCommand;
import io.penstock.cli.command.DemoChangeCommand;
import io.penstock.cli.command.DemoCommand;
import io.penstock.cli.command.DemoGenerateCommand;
import io.penstock.cli.command.DiffCommand;
import io.penstock.cli.command.EraseCommand;
import io.penstock.cli.command.GcCommand;
import io.penstock.cli.command.GetCommand;
import io.penstock.cli.command.HistoryCommand;
import io.penstock.cli.command.PauseCommand;
import io.penstock.cli.command.PublishCommand;
import io.penstock.cli.command.ResumeCommand;
import io.penstock.cli.command.RollbackCommand;
import io.penstock.cli.command.ServeCommand;
import io.penstock.cli.command.ServersCommand;
import io.penstock.cli.command.StoreInitCommand;
import io.penstock.cli.command.VerifyCommand;
import io.penstock.cli.command.VersionsCommand;
import io.penstock.cli.output.Console;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code penstock} command. */
public final class Penstock {
    /** Set by the launcher, which knows whether standard error is a terminal. */
    private static final String INTERACTIVE_PROPERTY = "penstock.interactive";

    private static final int OUTPUT_BUFFER_BYTES = 1 << 16;

    private Penstock() {}

    public static void main(String[] args) {
        Console console = new Console(
                System.in,
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER_BYTES),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                System.getenv(),
                Boolean.getBoolean(INTERACTIVE_PROPERTY));
        System.exit(run(console, args).status());
    }

    /** Runs one command. */
    public static ExitCode run(Console console, String... args) {
        CommandLine commandLine = commandLine(console);
        try {
            ParseResult parsed = commandLine.parseArgs(args);
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? ExitCode.DONE : execute(console, innermost(commandLine, parsed));
        } catch (ParameterException e) {
            return fail(console, new Problem(ExitCode.USAGE, hinted(e)));
        } finally {
            console.out().flush();
        }
    }

    private static ExitCode execute(Console console, CommandLine innermost) {
        if (!(innermost.getCommand() instanceof Command command)) {
            innermost.usage(console.err());
            return ExitCode.USAGE;
        }
        Logging.configure(command.isService(), command.isVerbose(), console.interactive());
        Interruption interruption = Interruption.ofThisThread(command::endsWithin);
        try {
            return command.call();
        } catch (Exception e) {
            if (command.isVerbose()) {
                e.printStackTrace(console.err());
            }
            return fail(console, Problem.of(e));
        } finally {
            interruption.commandIsOver();
        }
    }

    private static CommandLine innermost(CommandLine commandLine, ParseResult parsed) {
        CommandLine innermost = commandLine;
        for (ParseResult each = parsed; each.hasSubcommand(); ) {
            each = each.subcommand();
            innermost = each.commandSpec().commandLine();
        }
        return innermost;
    }

    private static ExitCode fail(Console console, Problem problem) {
        console.out().flush();
        console.err().println("penstock: " + problem.message());
        return problem.exitCode();
    }

    private static String hinted(ParameterException e) {
        return e.getMessage() + "; see '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
    }

    static CommandLine commandLine(Console console) {
        CommandLine root = new CommandLine(new Root())
                .addSubcommand("publish", new PublishCommand(console))
                .addSubcommand("serve", new ServeCommand(console))
                .addSubcommand("get", new GetCommand(console))
                .addSubcommand("datasets", new DatasetsCommand(console))
                .addSubcommand("versions", new VersionsCommand(console))
                .addSubcommand("servers", new ServersCommand(console))
                .addSubcommand("rollback", new RollbackCommand(console))
                .addSubcommand("pause", new PauseCommand(console))
                .addSubcommand("resume", new ResumeCommand(console))
                .addSubcommand("gc", new GcCommand(console))
                .addSubcommand("verify", new VerifyCommand(console))
                .addSubcommand("diff", new DiffCommand(console))
                .addSubcommand("history", new HistoryCommand(console))
                .addSubcommand("erase", new EraseCommand(console))
                .addSubcommand(
                        "contract",
                        new CommandLine(new ContractGroup())
                                .addSubcommand("show", new ContractShowCommand(console))
                                .addSubcommand("check", new ContractCheckCommand(console)))
                .addSubcommand(
                        "store", new CommandLine(new StoreGroup()).addSubcommand("init", new StoreInitCommand(console)))
                .addSubcommand(
                        "bench",
                        new CommandLine(new BenchGroup())
                                .addSubcommand("echo", new BenchEchoCommand(console))
                                .addSubcommand("load", new BenchLoadCommand(console))
                                .addSubcommand("sort", new BenchSortCommand(console))
                                .addSubcommand("data", new BenchDataCommand(console))
                                .addSubcommand("swap", new BenchSwapCommand(console))
                                .addSubcommand("warmup", new BenchWarmupCommand(console))
                                .addSubcommand("publish", new BenchPublishCommand(console))
                                .addSubcommand("memory", new BenchMemoryCommand(console))
                                .addSubcommand("scale", new BenchScaleCommand(console))
                                .addSubcommand("goals", new BenchGoalsCommand(console)))
                .addSubcommand(
                        "demo",
                        new CommandLine(new DemoCommand(console, Penstock::run))
                                .addSubcommand("generate", new DemoGenerateCommand(console))
                                .addSubcommand("change", new DemoChangeCommand(console)));
        addHelp(root);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        return root;
    }

    /** Not picocli's own mixin: it would take {@code --version} from {@code get}. */
    private static void addHelp(CommandLine commandLine) {
        if (commandLine.getCommandSpec().findOption("--help") == null) {
            commandLine
                    .getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .arity("0")
                            .type(boolean.class)
                            .description("Show this help.")
                            .build());
        }
        commandLine.getSubcommands().values().forEach(Penstock::addHelp);
    }

    @CommandLine.Command(
            name = "penstock",
            mixinStandardHelpOptions = true,
            versionProvider = VersionOfThis.class,
            description = "Publishes finished warehouse results as immutable versions and serves them in milliseconds.")
    private static final class Root {}

    @CommandLine.Command(
            name = "contract",
            mixinStandardHelpOptions = true,
            description = "Shows contracts, and checks what may change in them.")
    private static final class ContractGroup {}

    @CommandLine.Command(name = "store", mixinStandardHelpOptions = true, description = "Prepares stores.")
    private static final class StoreGroup {}

    @CommandLine.Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures servers.")
    private static final class BenchGroup {}

    private static final class VersionOfThis implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Penstock.class.getPackage().getImplementationVersion();
            return new String[] {"penstock " + (version == null ? "development" : version)};
        }
    }
}
