package io.penstock.serving.read;

import io.penstock.serving.v1.Reason;

/**
 * Why a call failed.
 *
 * @param reason what a program acts on
 * @param code the {@code google.rpc.Code} that {@link ReadFailures} maps the reason to
 * @param message what happened, to what, and what to do; without keys and values
 * @param setting the limit that was reached, such as {@code limits.key_bytes}; empty = none, or one of several
 * @param limit what that setting is set to; 0 without one
 */
public record Failure(Reason reason, int code, String message, String setting, long limit) {
    /** A failure that has to do with no limit. */
    public Failure(Reason reason, int code, String message) {
        this(reason, code, message, "", 0);
    }
}
