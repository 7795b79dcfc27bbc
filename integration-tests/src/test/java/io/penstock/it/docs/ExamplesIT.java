package io.penstock.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands in the READMEs of {@code examples/}, on a copy of it. */
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void aMicroserviceAnswersWithCustomers() throws Exception {
        assertThat(run("customer-service")).contains("\"customerId\":\"13\"", "\"marketSegment\":");
    }

    @Test
    void aMobileBackendAnswersWithScreens() throws Exception {
        assertThat(run("mobile-backend")).containsPattern("\"points\": \\d+, \"recommended\": \\[\\d+, \\d+, \\d+]");
    }

    private String run(String example) throws Exception {
        copy("customer-360");
        copy(example);
        Ports ports = Ports.free();
        Page page = Page.read(EXAMPLES.resolve(example).resolve("README.md"), ports.replacements());
        Shell shell = new Shell(directory.resolve(example), new MavenRepository(FirstContractIT.REPOSITORY));
        String printed = shell.run(ports.waitForServer(page.commands()));
        assertThat(page.outputs())
                .allSatisfy(output -> assertThat(printed.lines())
                        .containsSubsequence(output.lines().toList()));
        return printed;
    }

    private void copy(String example) throws IOException {
        Path from = EXAMPLES.resolve(example);
        try (Stream<Path> files = Files.walk(from)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    Path to = directory.resolve(EXAMPLES.relativize(file).toString());
                    Files.createDirectories(to.getParent());
                    Files.copy(file, to);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
