package io.penstock.publisher.protoc;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Finds the {@code protoc} to run. */
final class ProtocExecutable {
    private static final String HOME_PROPERTY = "penstock.home";

    private ProtocExecutable() {}

    /** The one named, else the distribution's; copied to {@code work} if it is not executable where it is. */
    static Path find(Optional<Path> named, Path work) throws IOException {
        if (named.isPresent()) {
            if (!Files.isExecutable(named.get()) || Files.isDirectory(named.get())) {
                throw notFound("--protoc: " + named.get() + " is not an executable file");
            }
            return named.get();
        }
        String home = System.getProperty(HOME_PROPERTY);
        if (home == null) {
            throw notFound("no protoc: the system property " + HOME_PROPERTY + " does not name a distribution");
        }
        Path bundled = Path.of(home, "protoc", "protoc-" + platform() + ".exe");
        if (!Files.isRegularFile(bundled)) {
            throw notFound("no protoc for this platform: " + bundled + " is not there");
        }
        if (Files.isExecutable(bundled)) {
            return bundled;
        }
        // An archive or a copy may have lost the permission.
        Path copy = Files.copy(bundled, work.resolve("protoc.exe"));
        if (!copy.toFile().setExecutable(true, true)) {
            throw notFound(bundled + " is not executable, and neither can a copy in " + work + " be");
        }
        return copy;
    }

    /** As Maven Central names protoc's platforms. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "osx" : os.startsWith("windows") ? "windows" : "linux";
        String processor = switch (arch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch_64";
            default -> arch;
        };
        return system + "-" + processor;
    }

    private static PublisherException notFound(String what) {
        return new PublisherException(
                Category.USAGE,
                "PROTOC_NOT_FOUND",
                what + " (name one with --protoc, or give the contract as a descriptor set under `descriptors:`)");
    }
}
