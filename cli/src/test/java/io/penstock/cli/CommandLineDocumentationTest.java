package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandLineDocumentationTest {
    private static final Path PAGE = Path.of("..", "docs", "cli.md");

    @Test
    void thePageNamesEveryCommandAndOption() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(everyCommand(Penstock.commandLine(CommandRun.silent()))).allSatisfy(command -> {
            assertThat(page).contains(command.getCommandSpec().qualifiedName());
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(page).contains("`" + option.longestName());
            }
        });
    }

    @Test
    void thePageNamesEveryExitCode() throws IOException {
        String page = Files.readString(PAGE);

        for (ExitCode code : ExitCode.values()) {
            assertThat(page).contains("\n| " + code.status() + " | ");
        }
    }

    private static Stream<CommandLine> everyCommand(CommandLine command) {
        return Stream.concat(
                command.getParent() == null ? Stream.empty() : Stream.of(command),
                command.getSubcommands().values().stream().flatMap(CommandLineDocumentationTest::everyCommand));
    }
}
