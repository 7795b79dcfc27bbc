package io.penstock.publisher.internal;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A directory that is gone, with all in it, once it is closed, or at the latest when the JVM ends in order. */
public final class TemporaryDirectory implements AutoCloseable {
    private final Path path;
    private final Thread atExit = new Thread(this::delete, "penstock-temporary-directory");

    private TemporaryDirectory(Path path) {
        this.path = path;
    }

    /** Creates one that nobody else can read. */
    public static TemporaryDirectory create(Path parent, String prefix) throws IOException {
        TemporaryDirectory directory = new TemporaryDirectory(Files.createTempDirectory(parent, prefix));
        try {
            Runtime.getRuntime().addShutdownHook(directory.atExit);
        } catch (IllegalStateException e) {
            directory.delete();
            throw new IOException("the JVM is shutting down", e);
        }
        return directory;
    }

    public Path path() {
        return path;
    }

    /** Idempotent; what cannot be deleted stays. */
    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // Shutting down: it runs once more and finds nothing.
        }
    }

    private void delete() {
        if (!Files.exists(path)) {
            return;
        }
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // It is a temporary directory: the operating system's to clean in the end.
        }
    }
}
