package io.penstock.publisher;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A publication did not happen, or not wholly. The {@link Category} says what a scheduler should do about it, the code
 * names the reason and is stable; the message says what happened, to what, and what to do, and never holds keys, values
 * or passwords.
 */
public class PublisherException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Category category;
    private final String code;

    public PublisherException(Category category, String code, String message) {
        this(category, code, message, null);
    }

    /**
     * Says what went wrong.
     *
     * @param code the reason, as a stable name in upper case with underscores: {@code SQL_ERROR}
     */
    public PublisherException(Category category, String code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.category = Objects.requireNonNull(category);
        this.code = Objects.requireNonNull(code);
    }

    public Category category() {
        return category;
    }

    public String code() {
        return code;
    }

    /** What a caller can do about it; the command line's exit codes follow it. */
    public enum Category {
        /** The request is wrong: a file, a URL, an option. */
        USAGE,
        /** The data or the contract is not fit to be published, or a rule forbids it. */
        REFUSED,
        /** The source or the store cannot be reached or is overloaded. Trying again later makes sense. */
        UNAVAILABLE,
        /** Stored data is missing or damaged. */
        DATA_LOSS,
        /** The catalog has no such dataset or version. */
        NOT_FOUND,
        /** Another publisher is at work. Trying again later makes sense. */
        BUSY,
        /** Another publisher or a rollback took this publication's place. Trying again makes sense. */
        FENCED,
        /** Committed, but not every server is known to have adopted it. */
        ADOPTION_INCOMPLETE,
        /** A bug of ours. */
        INTERNAL
    }
}
