package io.penstock.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The command line, or a file it names, cannot be used. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        this(message, null);
    }

    public UsageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Makes options of what the user wrote; what they refuse is the user's mistake, not a bug. */
    public static <T> T checked(Supplier<T> options) {
        try {
            return options.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }
}
