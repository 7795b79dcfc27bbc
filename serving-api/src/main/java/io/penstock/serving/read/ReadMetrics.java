package io.penstock.serving.read;

import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;

/**
 * What the read path counts. Called on event loops, several at once: implementations are thread-safe, do not block and
 * look nothing up by name. All methods count after the answer was handed over.
 */
public interface ReadMetrics {
    /** Counts nothing. */
    ReadMetrics NONE = dataset -> new ForDataset() {};

    /** What counts for one dataset. Asked for once a loop and serving view, not once a request. */
    ForDataset forDataset(DatasetId dataset);

    /** A {@code Get} failed before its dataset was known. */
    default void getFailed(Reason reason, long nanos) {}

    /** A batch was answered, whatever its rows say. */
    default void batchAnswered(int keys, long nanos) {}

    /** A batch failed as a whole. */
    default void batchFailed(Reason reason, long nanos) {}

    /** The calls and buckets that wait on the loop, and the buckets it has asked the store for. Once a turn that asked. */
    default void pending(int reads, int fetches) {}

    /** A call reached its deadline unanswered and was ended this much later, by us or by its transport. */
    default void overdue(long lateNanos) {}

    /** Counts for one dataset. */
    interface ForDataset {
        /** A {@code Get} was answered. */
        default void getAnswered(Outcome outcome, long nanos) {}

        /** A {@code Get} failed. */
        default void getFailed(Reason reason, long nanos) {}

        /** Keys of a batch had this outcome; {@code reason} is unspecified unless the outcome is FAILED. */
        default void batchRows(Outcome outcome, Reason reason, int rows) {}

        /** Keys that the near cache answered. */
        default void cacheHits(int keys) {}

        /** Keys of buckets that are not empty and that the near cache did not answer. */
        default void cacheMisses(int keys) {}

        /** The store answered with a bucket of {@code bytes}, or that it has none (−1). */
        default void fetched(int bytes, long nanos) {}

        /** The store did not answer a fetch. */
        default void fetchFailed() {}

        /** A missing or bad bucket was looked at twice; {@code confirmed} if it is lost or corrupt indeed. */
        default void secondLook(Reason reason, boolean confirmed) {}
    }
}
