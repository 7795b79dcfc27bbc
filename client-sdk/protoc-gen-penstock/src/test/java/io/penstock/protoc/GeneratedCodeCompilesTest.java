package io.penstock.protoc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Users build with all warnings on, and some of them make them errors: on the JDK of this build, on the oldest that is
 * supported, and on one whose compiler warns of more.
 */
class GeneratedCodeCompilesTest {
    private static final int OLDEST = 17;
    private static final int NEWEST = 25;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    static IntStream jdks() {
        return IntStream.of(Runtime.version().feature(), OLDEST, NEWEST).distinct();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void withoutAWarning(int jdk) throws Exception {
        Optional<Path> javac = Jdk.javac(jdk);
        assumeThat(javac).as("a JDK %s on this machine", jdk).isPresent();
        CodeGeneratorResponse response =
                new Generator(Contracts.request(Contracts.files().toArray(String[]::new))).run();
        Path clients = directory.resolve("src");
        for (CodeGeneratorResponse.File file : response.getFileList()) {
            Path path = clients.resolve(file.getName());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getContent());
        }
        Path messages = directory.resolve("messages");
        String unused = compile(
                javac.orElseThrow(),
                sources(Contracts.DIRECTORY.resolve("java")),
                messages,
                List.of("--release", "" + OLDEST, "-Xlint:none"));
        for (int release : IntStream.of(OLDEST, jdk).distinct().toArray()) {
            List<String> strict = List.of(
                    "--release",
                    "" + release,
                    "-Xlint:all",
                    "-Werror",
                    "-Xdoclint:html,syntax,reference,accessibility");
            assertThat(compile(javac.orElseThrow(), sources(clients), directory.resolve("clients" + release), strict))
                    .as("what javac %s says for release %s", jdk, release)
                    .isEmpty();
        }
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** Returns what the compiler said. */
    private String compile(Path javac, List<Path> sources, Path output, List<String> flags) throws Exception {
        List<String> command = new ArrayList<>(List.of(javac.toString(), "-proc:none"));
        command.addAll(flags);
        command.addAll(List.of("-d", output.toString(), "-cp", classPath()));
        sources.forEach(source -> command.add(source.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // which it would mention
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    /** This test's, after the messages where they are compiled already. */
    private String classPath() {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.concat(
                        Stream.of(directory.resolve("messages").toString()),
                        Arrays.stream(own.split(File.pathSeparator, -1)))
                .filter(entry -> Files.exists(Path.of(entry)))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
