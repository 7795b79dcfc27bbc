package io.penstock.cli.access;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import io.penstock.store.Remedies;

/** What to do about a server's refusal: the one place that tells it to the one who typed the command. */
public final class ServerAdvice {
    private ServerAdvice() {}

    /** To be appended to what happened: {@code "; do this"}, or nothing. */
    public static String after(Status.Code code, Reason reason) {
        String advice = of(code, reason);
        return advice.isEmpty() ? "" : "; " + advice;
    }

    private static String of(Status.Code code, Reason reason) {
        return switch (reason) {
            case REASON_UNKNOWN_DATASET -> "see 'penstock datasets'";
            case REASON_UNKNOWN_VERSION, REASON_VERSION_RETIRED, REASON_VERSION_ROLLED_BACK ->
                "see 'penstock versions' for those that can be read";
            case REASON_TOO_OLD -> "publish newer data, or allow more with --max-age";
            case REASON_VERSION_EXPIRED -> "publish newer data";
            case REASON_BUCKET_LOST, REASON_BUCKET_CORRUPT ->
                "its stored bucket is missing or damaged: " + Remedies.LOST_DATA;
            case REASON_STORE_UNREACHABLE -> "the server cannot reach its store: check the store, then try again";
            case REASON_NOT_INITIALISED -> "the namespace has no catalog. " + Remedies.NO_CATALOG;
            case REASON_CATALOG_UNCONFIRMED ->
                "the server has not reached the catalog for too long: check the store and the server's log";
            case REASON_REVISION_NOT_REACHED, REASON_VERSION_LOADING -> "try again in a moment";
            case REASON_OVERLOADED, REASON_QUOTA -> "try again later, or add servers";
            case REASON_RESPONSE_TOO_LARGE -> "ask for fewer keys at once";
            case REASON_INTERNAL -> "this is a bug: see the server's log";
            default -> of(code);
        };
    }

    private static String of(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE -> "is 'penstock serve' running there?";
            case DEADLINE_EXCEEDED -> "try again, or give it longer with --timeout";
            case UNIMPLEMENTED -> "is it a Penstock server, and not an older one?";
            default -> "";
        };
    }
}
