package io.penstock.publisher.sort;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a sort's files, in words that say what to do. */
final class SortFailures {
    private final Path directory;

    SortFailures(Path directory) {
        this.directory = directory;
    }

    PublisherException unusable(@Nullable IOException cause) {
        return new PublisherException(
                Category.USAGE,
                "SORT_DIRECTORY",
                "cannot sort in " + directory
                        + ": it must be a directory that can be written; make it one, or name another",
                cause);
    }

    PublisherException of(IOException cause) {
        return isOutOfSpace(cause)
                ? noSpace(cause)
                : new PublisherException(
                        Category.UNAVAILABLE,
                        "SORT_FAILED",
                        "sorting in " + directory + " failed: " + cause.getMessage()
                                + "; look at the disk, or name another directory",
                        cause);
    }

    private PublisherException noSpace(IOException cause) {
        return new PublisherException(
                Category.REFUSED,
                "SORT_SPACE",
                "no space left to sort in " + directory
                        + ": free some (about the rows' bytes and a fifth are needed), or name another directory",
                cause);
    }

    PublisherException damaged() {
        return new PublisherException(
                Category.UNAVAILABLE,
                "SORT_DAMAGED",
                "rows that were put aside in " + directory
                        + " came back damaged; look at the disk, or name another directory, and run it again",
                null);
    }

    /** The operating system's reason comes as text only. */
    private static boolean isOutOfSpace(IOException cause) {
        if (cause instanceof SpillLimitException) {
            return true;
        }
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("not enough space")
                || message.contains("quota exceeded");
    }

    /** More would be spilled than the options allow. */
    static final class SpillLimitException extends IOException {
        private static final long serialVersionUID = 1L;

        SpillLimitException(long limit) {
            super("more than " + limit + " bytes to spill");
        }
    }
}
