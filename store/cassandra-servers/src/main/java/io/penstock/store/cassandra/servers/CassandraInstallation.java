package io.penstock.store.cassandra.servers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Cassandra server can be started from here: the files of the Maven artifact, and a JDK that it supports, which is
 * 17 or 11 and so perhaps not the one this JVM runs on. The system property {@value #PROPERTY} names a {@code java}
 * executable; else this JVM's JDK is taken, one that {@code JAVA_HOME…} variables name, or one where JDKs are usually
 * installed.
 *
 * @param java the executable
 * @param classPath as the command line wants it
 */
record CassandraInstallation(Path java, String classPath) {
    static final String PROPERTY = "penstock.cassandra.java";

    private static final String CLASS_PATH = "/META-INF/penstock/cassandra.classpath";
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"([0-9]+)");
    private static final List<String> JDK_DIRECTORIES = List.of(
            "/usr/lib/jvm",
            "/Library/Java/JavaVirtualMachines",
            System.getProperty("user.home") + "/.sdkman/candidates/java");

    /** Empty where no JDK of a right version is found. */
    static Optional<CassandraInstallation> find() {
        return findJava().map(java -> new CassandraInstallation(java, readClassPath()));
    }

    private static Optional<Path> findJava() {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        List<Path> homes = new ArrayList<>();
        homes.add(Path.of(System.getProperty("java.home")));
        new TreeMap<>(System.getenv()).forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME")) {
                homes.add(Path.of(value));
            }
        });
        for (String directory : JDK_DIRECTORIES) {
            homes.addAll(list(Path.of(directory)));
        }
        return homes.stream()
                .filter(home -> version(home) == 17)
                .findFirst()
                .or(() -> homes.stream().filter(home -> version(home) == 11).findFirst())
                .map(home -> home.resolve("bin").resolve("java"));
    }

    private static List<Path> list(Path directory) {
        List<Path> homes = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    homes.add(entry);
                    homes.add(entry.resolve("Contents").resolve("Home"));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(directory + ": cannot be listed", e);
            }
        }
        homes.sort(null);
        return homes;
    }

    /** The feature version of the JDK at {@code home}, or 0 if there is none. */
    private static int version(Path home) {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
            return 0;
        }
        try {
            Matcher matcher = VERSION.matcher(Files.readString(release));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static String readClassPath() {
        try (InputStream in = CassandraInstallation.class.getResourceAsStream(CLASS_PATH)) {
            if (in == null) {
                throw new IllegalStateException(
                        "Cassandra for tests: no " + CLASS_PATH + "; build store/cassandra-classpath with Maven");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("Cassandra for tests: cannot read " + CLASS_PATH, e);
        }
    }
}
