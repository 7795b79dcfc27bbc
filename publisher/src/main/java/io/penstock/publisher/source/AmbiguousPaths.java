package io.penstock.publisher.source;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds relative paths that DuckDB would take to be another file than the one meant: it looks in the working directory
 * first and in its search path only then, so that a file that happens to be there would be published.
 */
final class AmbiguousPaths {
    private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");
    /** A text with a wildcard is a path when it has a directory or a file's ending; else it is rather a pattern for texts. */
    private static final Pattern PATH_WITH_WILDCARD = Pattern.compile(".*(/.*|\\.[A-Za-z0-9]+)", Pattern.DOTALL);

    private final Path working;
    private final Path meant;

    AmbiguousPaths(Path working, Path meant) {
        this.working = working.toAbsolutePath().normalize();
        this.meant = meant;
    }

    /** Checks every quoted text of a statement; {@code name} is what to call it in errors. */
    void refuse(SqlText sql, String name) {
        if (working.equals(meant)) {
            return;
        }
        for (String quoted : sql.quoted()) {
            if (isInWorkingDirectory(quoted)) {
                throw new SourceException(
                        Category.REFUSED,
                        "AMBIGUOUS_PATH",
                        name + ": '" + quoted + "' is also a file of the working directory " + working
                                + ", which DuckDB would read in place of the one in " + meant
                                + " (start from there, or write an absolute path)");
            }
        }
    }

    private boolean isInWorkingDirectory(String quoted) {
        if (quoted.isBlank() || quoted.startsWith("/")) {
            return false;
        }
        try {
            return WILDCARD.matcher(quoted).find()
                    ? PATH_WITH_WILDCARD.matcher(quoted).matches() && matches(working, quoted)
                    : Files.isRegularFile(working.resolve(quoted));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Follows a pattern up to its first wildcard: what is there may be read, whatever the rest of the pattern says. */
    private static boolean matches(Path directory, String pattern) {
        Path at = directory;
        for (String part : pattern.split("/+", -1)) {
            if (WILDCARD.matcher(part).find()) {
                return hasMatch(at, part);
            }
            at = at.resolve(part);
            if (!Files.isDirectory(at)) {
                return false;
            }
        }
        return false;
    }

    private static boolean hasMatch(Path directory, String pattern) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
            return found.iterator().hasNext();
        } catch (IOException | PatternSyntaxException e) {
            return false;
        }
    }
}
