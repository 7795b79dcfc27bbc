package io.penstock.protoc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The JDKs of this machine: this JVM's, those that {@code JAVA_HOME…} variables name, those where Linux installs them. */
final class Jdk {
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    private Jdk() {}

    /** The compiler of the JDK of this feature version; empty where there is none. */
    static Optional<Path> javac(int version) throws IOException {
        for (Path home : homes()) {
            Path javac = home.resolve("bin").resolve("javac");
            if (Files.isExecutable(javac) && isOf(home.resolve("release"), version)) {
                return Optional.of(javac);
            }
        }
        return Optional.empty();
    }

    private static List<Path> homes() throws IOException {
        Stream<Path> named = System.getenv().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("JAVA_HOME"))
                .map(variable -> Path.of(variable.getValue()));
        Stream<Path> own = Stream.of(Path.of(System.getProperty("java.home")));
        if (!Files.isDirectory(INSTALLED)) {
            return Stream.concat(own, named).toList();
        }
        try (Stream<Path> installed = Files.list(INSTALLED)) {
            return Stream.of(own, named, installed.sorted())
                    .flatMap(homes -> homes)
                    .toList();
        }
    }

    private static boolean isOf(Path release, int version) throws IOException {
        return Files.isReadable(release) && Files.readString(release).contains("JAVA_VERSION=\"" + version);
    }
}
