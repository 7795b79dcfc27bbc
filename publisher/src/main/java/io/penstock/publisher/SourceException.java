package io.penstock.publisher;

import org.jspecify.annotations.Nullable;

/**
 * The rows of a publication could not be read, or are not what the contract says. Messages name fields, row numbers and
 * kinds of value, never a value; passwords are redacted.
 */
public class SourceException extends PublisherException {
    private static final long serialVersionUID = 1L;

    public SourceException(Category category, String code, String message) {
        super(category, code, message);
    }

    public SourceException(Category category, String code, String message, @Nullable Throwable cause) {
        super(category, code, message, cause);
    }
}
