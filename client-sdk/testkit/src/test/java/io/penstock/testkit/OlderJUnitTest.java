package io.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A user's test under JUnit 5, in a JVM that has nothing of the JUnit these tests run on. */
class OlderJUnitTest {
    private static final String LAUNCHER = "org.junit.platform.console.ConsoleLauncher";

    @Test
    void runsUnderJUnit5() throws Exception {
        String withoutJUnit = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("junit"))
                .collect(Collectors.joining(File.pathSeparator));
        Path junit5 = Path.of("target", "junit5", "console.jar");
        assertThat(junit5).exists();
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        withoutJUnit + File.pathSeparator + junit5,
                        LAUNCHER,
                        "execute",
                        "--disable-banner",
                        "--select-class",
                        GreeterTest.class.getName()))
                .redirectErrorStream(true)
                .start();
        String said;
        try (var reader = process.inputReader()) {
            said = reader.lines().collect(Collectors.joining("\n"));
        }

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(said).contains("3 tests successful").contains("0 tests failed");
        assertThat(process.exitValue()).isZero();
    }
}
