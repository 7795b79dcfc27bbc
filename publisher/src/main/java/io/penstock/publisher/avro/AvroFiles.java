package io.penstock.publisher.avro;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files that a path or a pattern names. */
final class AvroFiles {
    private static final String FILE_URL = "file:";
    /** Deeper than any export; a link that leads back would go on for ever. */
    private static final int DEPTH_MAX = 32;

    private final AvroSourceConfig config;

    AvroFiles(AvroSourceConfig config) {
        this.config = config;
    }

    /**
     * The files, ordered by path.
     *
     * @throws SourceException if there is none
     */
    List<Path> list() {
        try {
            String pattern = path();
            int wildcard = wildcard(pattern);
            return wildcard < 0 ? List.of(single(pattern)) : matching(pattern, wildcard);
        } catch (InvalidPathException e) {
            throw new SourceException(
                    Category.USAGE,
                    "SOURCE_CONFIGURATION",
                    config.files() + ": not a path (expected: a path or pattern)");
        }
    }

    private String path() {
        String files = config.files();
        if (!files.startsWith(FILE_URL)) {
            return files;
        }
        String path = files.substring(FILE_URL.length());
        return path.startsWith("//") ? path.substring(2) : path;
    }

    private static int wildcard(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if ("*?[{".indexOf(pattern.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private Path single(String path) {
        Path file = config.directory().resolve(path).normalize();
        if (!Files.isRegularFile(file)) {
            throw none("there is no such file");
        }
        return file;
    }

    private List<Path> matching(String pattern, int wildcard) {
        int slash = pattern.lastIndexOf('/', wildcard);
        Path top = config.directory().resolve(pattern.substring(0, slash + 1)).normalize();
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1));
        if (!Files.isDirectory(top)) {
            throw none("there is no directory " + top);
        }
        try (Stream<Path> files = Files.walk(top, DEPTH_MAX)) {
            List<Path> found = files.filter(file -> matcher.matches(top.relativize(file)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw none("no file matches under " + top);
            }
            return found;
        } catch (IOException | UncheckedIOException e) {
            throw new SourceException(
                    Category.UNAVAILABLE,
                    "SOURCE_UNREACHABLE",
                    config + ": cannot list " + top + ": " + e.getMessage());
        }
    }

    /** No file is not the same as a file without rows: most often something went wrong before. */
    private SourceException none(String what) {
        return new SourceException(
                Category.REFUSED, "NO_SOURCE_FILE", config + ": " + what + " (expected: at least one file)");
    }
}
