package io.penstock.cli;

import io.grpc.Status;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.cli.access.ServerException;
import io.penstock.contract.ContractException;
import io.penstock.publisher.Failures;
import io.penstock.publisher.PublisherException;
import io.penstock.serving.ServingException;
import io.penstock.serving.v1.Reason;
import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogRefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Collectors;

/**
 * What went wrong, as the command line says it: an exit code and one line. The only place that knows what the exceptions
 * of all modules mean for the one who typed the command.
 */
public record Problem(ExitCode exitCode, String message) {
    private static final String UNEXPECTED_HINT = "; this is a bug: run again with --verbose and report what it prints";

    private static final String INTERRUPTED = "INTERRUPTED";

    /** Compilers and databases answer in several lines; a log wants one. */
    public Problem {
        message = message.lines()
                .map(String::strip)
                .filter(line -> !line.matches("\\^*"))
                .collect(Collectors.joining(" "));
    }

    /** What a failure means. */
    public static Problem of(Throwable failure) {
        if (failure instanceof PublisherException e) {
            if (e.code().equals(INTERRUPTED)) {
                return new Problem(ExitCode.INTERRUPTED, message(e));
            }
            return new Problem(exitCode(e.category()), message(e));
        }
        if (failure instanceof StoreException e) {
            return new Problem(exitCode(Failures.of(e).category()), message(e));
        }
        if (failure instanceof CatalogRefusedException e) {
            return new Problem(exitCode(Failures.of(e).category()), message(e));
        }
        if (failure instanceof ContractException e) {
            return new Problem(exitCode(e.code()), message(e));
        }
        if (failure instanceof BenchmarkException e) {
            return new Problem(exitCode(e.code()), message(e));
        }
        if (failure instanceof ServerException e) {
            return new Problem(exitCode(e.code(), e.reason()), message(e));
        }
        if (failure instanceof UsageException || failure instanceof ServingException) {
            return new Problem(ExitCode.USAGE, message(failure));
        }
        if (failure instanceof FileSystemException e) {
            return new Problem(ExitCode.USAGE, describe(e));
        }
        if (failure instanceof IOException) {
            return new Problem(ExitCode.UNAVAILABLE, message(failure));
        }
        if (failure instanceof InterruptedException) {
            return new Problem(ExitCode.INTERRUPTED, "interrupted");
        }
        return new Problem(
                ExitCode.UNEXPECTED,
                "unexpected " + failure.getClass().getSimpleName() + ": " + message(failure) + UNEXPECTED_HINT);
    }

    /** What a server's answer means: of a call, a group or one key. */
    public static ExitCode exitCode(Status.Code code, Reason reason) {
        if (reason == Reason.REASON_RESPONSE_TOO_LARGE) {
            return ExitCode.REFUSED; // no retry makes it smaller
        }
        return switch (code) {
            case OK -> ExitCode.DONE;
            case INVALID_ARGUMENT, UNIMPLEMENTED, OUT_OF_RANGE -> ExitCode.USAGE;
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case FAILED_PRECONDITION, PERMISSION_DENIED, UNAUTHENTICATED, ALREADY_EXISTS -> ExitCode.REFUSED;
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, CANCELLED, ABORTED -> ExitCode.UNAVAILABLE;
            case DATA_LOSS -> ExitCode.DATA_LOSS;
            case INTERNAL, UNKNOWN -> ExitCode.UNEXPECTED;
        };
    }

    private static ExitCode exitCode(PublisherException.Category category) {
        return switch (category) {
            case USAGE -> ExitCode.USAGE;
            case REFUSED -> ExitCode.REFUSED;
            case UNAVAILABLE -> ExitCode.UNAVAILABLE;
            case DATA_LOSS -> ExitCode.DATA_LOSS;
            case NOT_FOUND -> ExitCode.NOT_FOUND;
            case BUSY, FENCED -> ExitCode.BUSY;
            case ADOPTION_INCOMPLETE -> ExitCode.ADOPTION_INCOMPLETE;
            case INTERNAL -> ExitCode.UNEXPECTED;
        };
    }

    private static ExitCode exitCode(ContractException.Code code) {
        return switch (code) {
            case EMPTY_KEY, KEY_TOO_LONG, KEY_NOT_UTF8, INVALID_KEY_VALUE, MALFORMED_KEY -> ExitCode.USAGE;
            case DIGEST_MISMATCH -> ExitCode.DATA_LOSS;
            case MALFORMED_DESCRIPTORS,
                    MISSING_IMPORT,
                    TOO_LARGE,
                    UNKNOWN_MESSAGE,
                    NOT_A_CONTRACT,
                    NOT_PROTO3,
                    NO_MAJOR_VERSION,
                    INVALID_NAME,
                    NO_OWNER,
                    INVALID_DURATION,
                    NO_KEY,
                    INVALID_KEY_FIELD,
                    INVALID_RANGE,
                    MISPLACED_RULE,
                    INVALID_CHECK,
                    INVALID_PATTERN,
                    INVALID_UNIT,
                    INVALID_DEPRECATION,
                    INVALID_LINK,
                    INVALID_AVAILABILITY,
                    INVALID_LIFECYCLE,
                    INVALID_CHECKS,
                    UNKNOWN_OPTION -> ExitCode.REFUSED;
        };
    }

    private static ExitCode exitCode(BenchmarkException.Code code) {
        return switch (code) {
            case INVALID_OPTIONS, CANNOT_LISTEN -> ExitCode.USAGE;
            case UNREACHABLE, CHILD_FAILED -> ExitCode.UNAVAILABLE;
        };
    }

    private static String describe(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return e.getFile() + ": no such file";
        }
        if (e instanceof AccessDeniedException) {
            return e.getFile() + ": no permission";
        }
        return message(e);
    }

    private static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
