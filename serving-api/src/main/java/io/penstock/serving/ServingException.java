package io.penstock.serving;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A server could not be started. The {@link Code} is stable; the message says what to change. */
public final class ServingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    public ServingException(Code code, String message) {
        this(code, message, null);
    }

    public ServingException(Code code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }

    /** Why a server could not be started. Names are stable. */
    public enum Code {
        /** A setting, in the file, the environment or a flag, cannot be used. */
        INVALID_CONFIG,
        /** An address cannot be listened on. */
        ADDRESS_UNAVAILABLE,
        /** Plaintext beyond the machine itself, and nobody said that this is wanted. */
        INSECURE,
        /** The certificate or its key cannot be used. */
        INVALID_CERTIFICATE
    }
}
