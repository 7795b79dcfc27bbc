package io.penstock.cli.demo;

import io.penstock.cli.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the demo keeps its files: the example, the warehouse, the store. */
public final class DemoDirectory implements AutoCloseable {
    private static final String EXAMPLE = "/examples/customer-360/";
    private static final List<String> FILES = List.of("customer_360.proto", "customer_360.sql", "publication.yaml");

    private final Path path;
    private final boolean temporary;

    private DemoDirectory(Path path, boolean temporary) {
        this.path = path;
        this.temporary = temporary;
    }

    /**
     * Copies the example's files into a directory.
     *
     * @param wanted null = a temporary one
     */
    public static DemoDirectory prepare(@Nullable Path wanted) throws IOException {
        if (wanted != null && Files.exists(wanted.resolve("store"))) {
            throw new UsageException("demo: " + wanted + " holds a demo already (expected: another directory)");
        }
        Path path = wanted == null
                ? Files.createTempDirectory("penstock-demo-")
                : Files.createDirectories(wanted).toAbsolutePath().normalize();
        for (String file : FILES) {
            try (InputStream content = DemoDirectory.class.getResourceAsStream(EXAMPLE + file)) {
                if (content == null) {
                    throw new IllegalStateException("the distribution lacks " + EXAMPLE + file);
                }
                if (Files.notExists(path.resolve(file))) {
                    Files.copy(content, path.resolve(file));
                }
            }
        }
        return new DemoDirectory(path, wanted == null);
    }

    public Path path() {
        return path;
    }

    /** Deletes it if it is temporary. */
    @Override
    public void close() throws IOException {
        if (temporary) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
