package io.penstock.serving.view;

import io.penstock.serving.v1.Reason;
import java.util.concurrent.CompletionStage;

/**
 * Strong catalog reads on behalf of requests. All requests that ask while a read is waiting to start share it, and two
 * reads of a namespace start at least {@code catalog.recheck_interval} apart. Thread-safe; nothing blocks; stages never
 * complete exceptionally and complete on the penstock-view thread, so that a read hops back to its own loop first.
 */
public interface CatalogChecks {
    /**
     * The catalog's half of a second look: reads the catalog after the call, never joining a read that began before it.
     *
     * @param view what the request found a blob missing or bad in
     */
    CompletionStage<Verdict> recheck(DatasetView view);

    /**
     * Reads the catalog and adopts what moved; complete when that is done, or failed. For a request whose {@code
     * min_revision} is ahead of the view, which then looks at the present view once more.
     */
    CompletionStage<Void> refresh(String namespace);

    /**
     * What the catalog says about the version a request was answered from.
     *
     * @param outcome what the request does now
     * @param reason with {@code UNAVAILABLE}, why; else {@code REASON_UNSPECIFIED}
     */
    record Verdict(Outcome outcome, Reason reason) {
        public static final Verdict KEPT = new Verdict(Outcome.KEPT, Reason.REASON_UNSPECIFIED);
        public static final Verdict MOVED = new Verdict(Outcome.MOVED, Reason.REASON_UNSPECIFIED);

        public static Verdict unavailable(Reason reason) {
            return new Verdict(Outcome.UNAVAILABLE, reason);
        }
    }

    /** What a second look ends in. */
    enum Outcome {
        /** The version is kept: its blob is lost or damaged. Answer {@code DATA_LOSS} and report it. */
        KEPT,
        /** The version is not kept any more and the present view is another: redo the whole request on it, once. */
        MOVED,
        /** It cannot be said: answer {@code UNAVAILABLE} with the reason. */
        UNAVAILABLE
    }
}
