package io.penstock.cli;

import java.util.Collection;
import java.util.List;

/** How the command ends, and what a scheduler should do about it. */
public enum ExitCode {
    /** Done, also when there was nothing to do. */
    DONE(0),
    /** A bug. Stop. */
    UNEXPECTED(1),
    /** A wrong command line, URL, file or setting. Stop. */
    USAGE(2),
    /** An absent or expired key, an unknown dataset or version. */
    NOT_FOUND(3),
    /** The data, the contract or a rule forbids it. Call a person. */
    REFUSED(4),
    /** The store, the server or the source is not available. Retry. */
    UNAVAILABLE(5),
    /** Stored data is missing or damaged. Call a person. */
    DATA_LOSS(6),
    /** Another publisher is at work or took over. Retry. */
    BUSY(7),
    /** Committed, but not known to be adopted everywhere. Retry; only waiting is left to do. */
    ADOPTION_INCOMPLETE(8),
    /** Ctrl-C. */
    INTERRUPTED(130);

    private static final List<ExitCode> WORST_KEY_FIRST = List.of(USAGE, DATA_LOSS, UNAVAILABLE, REFUSED, NOT_FOUND);
    private static final List<ExitCode> WORST_FILE_FIRST =
            List.of(UNEXPECTED, DATA_LOSS, REFUSED, USAGE, NOT_FOUND, BUSY, UNAVAILABLE, ADOPTION_INCOMPLETE);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** What several keys end with: what needs a person most. */
    public static ExitCode ofKeys(Collection<ExitCode> keys) {
        return first(WORST_KEY_FIRST, keys);
    }

    /** What several publication files end with: what a retry cannot mend comes first. */
    public static ExitCode ofFiles(Collection<ExitCode> files) {
        return first(WORST_FILE_FIRST, files);
    }

    private static ExitCode first(List<ExitCode> order, Collection<ExitCode> codes) {
        if (codes.contains(UNEXPECTED)) {
            return UNEXPECTED;
        }
        for (ExitCode code : order) {
            if (codes.contains(code)) {
                return code;
            }
        }
        return DONE;
    }
}
