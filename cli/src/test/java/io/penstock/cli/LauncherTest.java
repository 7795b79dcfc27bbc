package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/penstock} starts, seen by a Java that only prints what it is asked for. */
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("src", "dist", "bin", "penstock").toAbsolutePath();

    @TempDir
    Path directory;

    private Path home = Path.of("");
    private Path launcher = LAUNCHER;

    @BeforeEach
    void install() throws IOException {
        home = directory.resolve("java");
        Files.createDirectories(home.resolve("bin"));
        Path java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Path distribution = directory.resolve("penstock");
        Files.createDirectories(distribution.resolve("bin"));
        Files.createDirectories(distribution.resolve("lib"));
        launcher = Files.copy(LAUNCHER, distribution.resolve("bin/penstock"));
    }

    @Test
    void choosesMemoryAndCollectorOfAServerAlone() throws Exception {
        assertThat(start("17.0.15", Map.of(), "serve"))
                .contains(
                        "-XX:MaxRAMPercentage=50",
                        "-XX:+UseG1GC",
                        "-XX:MaxTenuringThreshold=1",
                        "-XX:+ExitOnOutOfMemoryError")
                .doesNotContain("-XX:+UseCompactObjectHeaders")
                .endsWith("io.penstock.cli.Penstock", "serve");
        assertThat(start("17.0.15", Map.of(), "datasets"))
                .doesNotContain("-XX:MaxRAMPercentage=50", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");
        assertThat(start("25.0.1", Map.of(), "serve")).contains("-XX:+UseCompactObjectHeaders");
    }

    @Test
    void givesTheServerItIsComparedWithTheSame() throws Exception {
        List<String> server = start("17.0.15", Map.of(), "serve");
        List<String> echo = start("17.0.15", Map.of(), "bench", "echo");

        assertThat(echo.subList(0, echo.indexOf("io.penstock.cli.Penstock")))
                .isEqualTo(server.subList(0, server.indexOf("io.penstock.cli.Penstock")))
                .contains(
                        "-XX:+UseG1GC",
                        "-Dio.netty.leakDetection.level=disabled",
                        "-Dio.grpc.netty.useCustomAllocator=false");
        assertThat(start("17.0.15", Map.of(), "bench", "load")).doesNotContain("-XX:+UseG1GC");
    }

    @Test
    void letsTheUsersOptionsGoFirst() throws Exception {
        List<String> own = start("17.0.15", Map.of("PENSTOCK_JAVA_OPTS", "-Xmx3g -XX:MaxRAMPercentage=20"), "serve");
        assertThat(own.indexOf("-XX:MaxRAMPercentage=20"))
                .as("the JVM takes the last")
                .isGreaterThan(own.indexOf("-XX:MaxRAMPercentage=50"));
        assertThat(own).contains("-Xmx3g");

        assertThat(start("17.0.15", Map.of("PENSTOCK_JAVA_OPTS", "-Xmx1g -XX:+UseZGC"), "serve"))
                .as("two collectors would be refused")
                .contains("-XX:+UseZGC")
                .doesNotContain("-XX:+UseG1GC");
    }

    @Test
    void makesAStartCacheOnceAndUsesItFromThenOn() throws Exception {
        Path caches = directory.resolve("with space/caches");
        Map<String, String> asked = Map.of("PENSTOCK_START_CACHE", caches.toString());
        String making = only(start("17.0.15", asked, "serve"), "-XX:ArchiveClassesAtExit=");
        Files.createFile(Path.of(making));
        assertThat(making).startsWith(caches + "/penstock-");
        assertThat(only(start("17.0.15", asked, "serve"), "-XX:SharedArchiveFile="))
                .isEqualTo(making);
        assertThat(start("17.0.15", asked, "datasets")).noneMatch(option -> option.contains(caches.toString()));

        String forJava25 = only(start("25.0.1", asked, "serve"), "-XX:AOTCacheOutput=");
        assertThat(forJava25).as("another Java has a cache of its own").isNotEqualTo(making);
        Files.createFile(Path.of(forJava25));
        assertThat(only(start("25.0.1", asked, "serve"), "-XX:AOTCache=")).isEqualTo(forJava25);

        Files.createFile(directory.resolve("penstock/lib/newer.jar"));
        assertThat(only(start("17.0.15", asked, "serve"), "-XX:ArchiveClassesAtExit="))
                .as("another distribution, too")
                .isNotEqualTo(making);
    }

    private static String only(List<String> options, String prefix) {
        assertThat(options).filteredOn(option -> option.startsWith(prefix)).hasSize(1);
        return options.stream()
                .filter(option -> option.startsWith(prefix))
                .findFirst()
                .orElseThrow()
                .substring(prefix.length());
    }

    private List<String> start(String javaVersion, Map<String, String> environment, String... arguments)
            throws Exception {
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + javaVersion + "\"\n");
        ProcessBuilder builder = new ProcessBuilder("sh", launcher.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.startsWith("PENSTOCK_"));
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed.lines().toList();
    }
}
