package io.penstock.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A benchmark could not run. The {@link Code} is stable. */
public final class BenchmarkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    public BenchmarkException(Code code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }

    /** Why a benchmark could not run. */
    public enum Code {
        /** An option or an input file cannot be used. */
        INVALID_OPTIONS,
        /** The address cannot be listened on. */
        CANNOT_LISTEN,
        /** The server does not answer. */
        UNREACHABLE,
        /** A program the benchmark started did not do its part. */
        CHILD_FAILED
    }
}
