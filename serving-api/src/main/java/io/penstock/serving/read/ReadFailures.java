package io.penstock.serving.read;

import com.google.rpc.Code;
import io.penstock.serving.v1.Reason;
import io.penstock.store.Remedies;

/** Says what every {@link Reason} means: the status it maps to, and a message that names the limit and the setting. */
public final class ReadFailures {
    private final ReadLimits limits;

    public ReadFailures(ReadLimits limits) {
        this.limits = limits;
    }

    /** The {@code google.rpc.Code} of a reason. */
    public static int code(Reason reason) {
        return switch (reason) {
            case REASON_EMPTY_KEY,
                    REASON_KEY_TOO_LONG,
                    REASON_KEY_NOT_UTF8,
                    REASON_TOO_MANY_KEYS,
                    REASON_INVALID_DATASET,
                    REASON_MALFORMED_REQUEST,
                    REASON_INVALID_FIELD,
                    REASON_TOO_MANY_FIELDS -> Code.INVALID_ARGUMENT_VALUE;
            case REASON_UNKNOWN_DATASET, REASON_UNKNOWN_VERSION, REASON_VERSION_RETIRED, REASON_VERSION_ROLLED_BACK ->
                Code.NOT_FOUND_VALUE;
            case REASON_TOO_OLD, REASON_VERSION_EXPIRED -> Code.FAILED_PRECONDITION_VALUE;
            case REASON_BUCKET_LOST, REASON_BUCKET_CORRUPT -> Code.DATA_LOSS_VALUE;
            case REASON_STORE_UNREACHABLE,
                    REASON_NOT_INITIALISED,
                    REASON_CATALOG_UNCONFIRMED,
                    REASON_REVISION_NOT_REACHED,
                    REASON_VERSION_LOADING -> Code.UNAVAILABLE_VALUE;
            case REASON_OVERLOADED, REASON_QUOTA, REASON_RESPONSE_TOO_LARGE -> Code.RESOURCE_EXHAUSTED_VALUE;
            case REASON_DEADLINE_EXCEEDED -> Code.DEADLINE_EXCEEDED_VALUE;
            case REASON_UNSUPPORTED_OPTION -> Code.UNIMPLEMENTED_VALUE;
            case REASON_INTERNAL, REASON_UNSPECIFIED, UNRECOGNIZED -> Code.INTERNAL_VALUE;
        };
    }

    /** The failure of a call whose dataset is not known. */
    public Failure of(Reason reason) {
        return failure(reason, message(reason));
    }

    /** The failure of a batch that has too many bytes, however few its keys. */
    Failure ofRequestBytes() {
        return new Failure(
                Reason.REASON_TOO_MANY_KEYS,
                code(Reason.REASON_TOO_MANY_KEYS),
                "the request is larger than " + limits.requestBytes() + " bytes (limits.request_bytes); split it",
                "limits.request_bytes",
                limits.requestBytes());
    }

    /** The failure of a call to {@code dataset}, a name that has been found valid. */
    public Failure of(Reason reason, String dataset) {
        return failure(reason, dataset + ": " + message(reason));
    }

    private Failure failure(Reason reason, String message) {
        return switch (reason) {
            case REASON_KEY_TOO_LONG ->
                new Failure(reason, code(reason), message, "limits.key_bytes", limits.keyBytes());
            case REASON_TOO_MANY_KEYS ->
                new Failure(reason, code(reason), message, "limits.batch_keys", limits.batchKeys());
            case REASON_TOO_MANY_FIELDS -> new Failure(reason, code(reason), message, "limits.fields", limits.fields());
            case REASON_RESPONSE_TOO_LARGE ->
                new Failure(reason, code(reason), message, "limits.response_bytes", limits.responseBytes());
            case REASON_UNSPECIFIED,
                    REASON_EMPTY_KEY,
                    REASON_KEY_NOT_UTF8,
                    REASON_INVALID_DATASET,
                    REASON_MALFORMED_REQUEST,
                    REASON_INVALID_FIELD,
                    REASON_UNKNOWN_DATASET,
                    REASON_UNKNOWN_VERSION,
                    REASON_VERSION_RETIRED,
                    REASON_VERSION_ROLLED_BACK,
                    REASON_TOO_OLD,
                    REASON_VERSION_EXPIRED,
                    REASON_BUCKET_LOST,
                    REASON_BUCKET_CORRUPT,
                    REASON_STORE_UNREACHABLE,
                    REASON_NOT_INITIALISED,
                    REASON_CATALOG_UNCONFIRMED,
                    REASON_REVISION_NOT_REACHED,
                    REASON_VERSION_LOADING,
                    REASON_OVERLOADED,
                    REASON_QUOTA,
                    REASON_DEADLINE_EXCEEDED,
                    REASON_UNSUPPORTED_OPTION,
                    REASON_INTERNAL,
                    UNRECOGNIZED -> new Failure(reason, code(reason), message);
        };
    }

    private String message(Reason reason) {
        return switch (reason) {
            case REASON_EMPTY_KEY -> "the key is empty; every key has at least one byte";
            case REASON_KEY_TOO_LONG -> "the key is longer than " + limits.keyBytes() + " bytes (limits.key_bytes)";
            case REASON_KEY_NOT_UTF8 -> "the key is not UTF-8";
            case REASON_TOO_MANY_KEYS ->
                "the batch has more than " + limits.batchKeys() + " keys or groups (limits.batch_keys); split it";
            case REASON_INVALID_DATASET ->
                "not a dataset's name (expected: <product>.v<major> or <namespace>/<product>.v<major>, of [a-z0-9.-])";
            case REASON_MALFORMED_REQUEST ->
                "the request is not a message of penstock.serving.v1, or an option has a value it cannot have"
                        + " (negative version, min_revision or max_age; if_generation in a batch)";
            case REASON_INVALID_FIELD ->
                "options.fields has a number that no field can have (expected: 1 to 536870911, without 19000 to 19999)";
            case REASON_TOO_MANY_FIELDS ->
                "options.fields has more than " + limits.fields()
                        + " numbers (limits.fields); ask for fewer, or leave it empty for the whole row";
            case REASON_UNKNOWN_DATASET -> "no such dataset on this server; ListDatasets names those there are";
            case REASON_UNKNOWN_VERSION -> "the version asked for was never committed";
            case REASON_VERSION_RETIRED -> "the version asked for is beyond retention; ask for a newer one";
            case REASON_VERSION_ROLLED_BACK -> "the version asked for was rolled back; ask for the current one";
            case REASON_TOO_OLD -> "the data is older than the max_age asked for; publish newer data or allow more";
            case REASON_VERSION_EXPIRED -> "the version's expires_at has passed; publish newer data";
            case REASON_BUCKET_LOST ->
                "the bucket of the key is listed in the manifest and missing in the store; " + Remedies.LOST_DATA;
            case REASON_BUCKET_CORRUPT -> "the bucket of the key is damaged in the store; " + Remedies.LOST_DATA;
            case REASON_STORE_UNREACHABLE -> "the store does not answer; try another server or later";
            case REASON_NOT_INITIALISED -> "the namespace has no catalog. " + Remedies.NO_CATALOG;
            case REASON_CATALOG_UNCONFIRMED ->
                "the catalog could not be confirmed for longer than catalog.max_unconfirmed; try another server";
            case REASON_REVISION_NOT_REACHED ->
                "this server has not adopted the min_revision asked for yet; try another server or later";
            case REASON_VERSION_LOADING -> "the version is being loaded; try again";
            case REASON_OVERLOADED ->
                "more than " + limits.pendingReads() + " reads (limits.pending_reads) or " + limits.pendingFetches()
                        + " fetches (limits.pending_fetches) wait on this event loop, or the store is slow"
                        + " (limits.slow_fetch) or its queue is full; try another server or later";
            case REASON_QUOTA -> "the caller's quota is used up; try later";
            case REASON_RESPONSE_TOO_LARGE ->
                "the answer would be larger than " + limits.responseBytes()
                        + " bytes (limits.response_bytes); ask for fewer keys";
            case REASON_DEADLINE_EXCEEDED ->
                "the deadline passed, or " + limits.readTime().toMillis()
                        + " ms (limits.read_time), before the answer was there";
            case REASON_UNSUPPORTED_OPTION -> "this server does not know how to honour an option; leave it out";
            case REASON_INTERNAL, REASON_UNSPECIFIED, UNRECOGNIZED -> "a bug in the server; report it";
        };
    }
}
