package io.penstock.protoc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users build with all warnings on, and some of them make them errors. */
class GeneratedCodeCompilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    @Test
    void withoutAWarning() throws IOException {
        CodeGeneratorResponse response =
                new Generator(Contracts.request(Contracts.files().toArray(String[]::new))).run();
        String unused =
                compile("messages", sources(Contracts.DIRECTORY.resolve("java")), List.of("-Xlint:none"), List.of());
        Path clients = directory.resolve("src");
        for (CodeGeneratorResponse.File file : response.getFileList()) {
            Path path = clients.resolve(file.getName());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getContent());
        }
        List<String> strict = List.of("-Xlint:all", "-Werror", "-Xdoclint:html,syntax,reference,accessibility");
        assertThat(compile("clients", sources(clients), strict, List.of(directory.resolve("messages"))))
                .isEmpty();
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** Compiles into a directory of this name and returns what the compiler said. */
    private String compile(String name, List<Path> sources, List<String> flags, List<Path> classes) throws IOException {
        Path output = Files.createDirectory(directory.resolve(name));
        List<String> options = new ArrayList<>(flags);
        options.addAll(List.of("--release", "17", "-proc:none", "-d", output.toString(), "-cp", classPath(classes)));
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
            return said.toString();
        }
    }

    private static String classPath(List<Path> classes) {
        String own = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.concat(
                        classes.stream().map(Path::toString),
                        Arrays.stream(own.split(File.pathSeparator, -1)).filter(entry -> Files.exists(Path.of(entry))))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
