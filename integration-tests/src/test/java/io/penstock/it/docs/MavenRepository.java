package io.penstock.it.docs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where a reader's project finds Penstock, built in this run, and everything else, which this build has mostly downloaded
 * before: two folders, so that little is asked of the network and the reader's own repository is left alone.
 */
final class MavenRepository {
    /** What a service needs of Penstock, by the folder it is built in. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            "penstock-parent", "..",
            "penstock-client-sdk", "../client-sdk",
            "penstock-proto", "../proto",
            "penstock-contract", "../contract",
            "penstock-client", "../client-sdk/client",
            "protoc-gen-penstock", "../client-sdk/protoc-gen-penstock");

    private final Path directory;
    private final String version = Objects.requireNonNull(System.getProperty("project.version"));

    /** @param directory kept from run to run, because copying the plugins takes its time */
    MavenRepository(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory);
        delete(directory.resolve("penstock"));
        delete(directory.resolve("local/io/penstock"));
        for (Map.Entry<String, String> each : ARTIFACTS.entrySet()) {
            deploy(each.getKey(), Path.of(each.getValue()));
        }
        URI downloaded = Path.of(Objects.requireNonNull(System.getProperty("maven.repo.local")))
                .toUri();
        URI ours = directory.resolve("penstock").toUri();
        Files.writeString(settings(), """
                <settings>
                  <localRepository>%s</localRepository>
                  <profiles>
                    <profile>
                      <id>penstock</id>
                      <repositories>
                        <repository><id>penstock</id><url>%s</url></repository>
                        <repository><id>downloaded</id><url>%s</url></repository>
                      </repositories>
                      <pluginRepositories>
                        <pluginRepository><id>penstock</id><url>%s</url></pluginRepository>
                        <pluginRepository><id>downloaded</id><url>%s</url></pluginRepository>
                      </pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles><activeProfile>penstock</activeProfile></activeProfiles>
                </settings>
                """.formatted(directory.resolve("local"), ours, downloaded, ours, downloaded));
    }

    Path settings() {
        return directory.resolve("settings.xml");
    }

    private void deploy(String artifact, Path module) throws IOException {
        Path target = Files.createDirectories(
                directory.resolve("penstock/io/penstock").resolve(artifact).resolve(version));
        String name = artifact + "-" + version;
        copy(module.resolve("pom.xml"), target.resolve(name + ".pom"));
        Path jar = module.resolve("target").resolve(name + ".jar");
        if (Files.exists(jar)) {
            copy(jar, target.resolve(name + ".jar"));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            List<Path> childrenFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : childrenFirst) {
                Files.delete(file);
            }
        }
    }
}
