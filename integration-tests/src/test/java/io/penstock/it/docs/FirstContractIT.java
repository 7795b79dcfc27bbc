package io.penstock.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/first-contract.md}, from the empty folder to the typed row. */
class FirstContractIT {
    private static final Path PAGE = Path.of("../docs/first-contract.md");
    static final Path REPOSITORY = Path.of("target/reader-repository").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void everyCommandOfThePageDoesWhatThePageSays() throws Exception {
        Ports ports = Ports.free();
        Page page = Page.read(PAGE, ports.replacements());
        Path empty = Files.createDirectory(directory.resolve("empty"));
        page.writeFiles(empty);
        List<String> commands = ports.waitForServer(page.commands());
        assertThat(commands).as("the page has commands").hasSizeGreaterThan(4);

        String printed = new Shell(empty, new MavenRepository(REPOSITORY)).run(commands);

        assertThat(page.outputs())
                .isNotEmpty()
                .allSatisfy(output -> assertThat(printed.lines())
                        .containsSubsequence(output.lines().toList()));
    }
}
