package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.codec.BatchKeys;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a batch as they come in, key by key in the order of the request, and never more of them than may be
 * sent. What is sent are the rows before the first that does not fit, in the order of the request; which one that is
 * does not depend on the order in which they come in. Confined to its loop; hot.
 */
final class BatchRows {
    private final BatchKeys keys;
    private final @Nullable DatasetView[] versions;
    private final Reason[] refusals;
    private final byte[] @Nullable [] values;
    private final long[] generations;
    private final Outcome[] outcomes;
    private final Reason[] reasons;
    private int open;

    /** Bytes left for rows. */
    private long spare;

    /** This key and those after it do not fit. */
    private int end;

    BatchRows(BatchKeys keys) {
        this.keys = keys;
        versions = new DatasetView[keys.groups()];
        refusals = new Reason[keys.groups()];
        values = new byte[keys.keys()][];
        generations = new long[keys.keys()];
        outcomes = new Outcome[keys.keys()];
        reasons = new Reason[keys.keys()];
        clear();
    }

    /** Forgets every answer. */
    void clear() {
        for (int group = 0; group < versions.length; group++) {
            versions[group] = null;
            refusals[group] = Reason.REASON_UNSPECIFIED;
        }
        for (int key = 0; key < outcomes.length; key++) {
            values[key] = null;
            generations[key] = 0;
            outcomes[key] = Outcome.OUTCOME_UNSPECIFIED;
            reasons[key] = Reason.REASON_UNSPECIFIED;
        }
        open = outcomes.length;
        spare = Long.MAX_VALUE;
        end = outcomes.length;
    }

    /** From now on rows may take so many bytes more than if all had failed. */
    void bound(long rowBytesMax) {
        spare = rowBytesMax;
    }

    BatchKeys keys() {
        return keys;
    }

    /** How many keys have no answer. */
    int open() {
        return open;
    }

    /** The group is read from a version. */
    void readFrom(int group, DatasetView version) {
        versions[group] = version;
    }

    /** The version the group is read from, or null if it was refused. */
    @Nullable
    DatasetView version(int group) {
        return versions[group];
    }

    /** The whole group fails. */
    void refuse(int group, Reason reason) {
        refusals[group] = reason;
        for (int key = keys.firstKey(group); key < keys.endKey(group); key++) {
            fail(key, reason);
        }
    }

    /** Why the whole group failed; unspecified if it did not. */
    Reason refusal(int group) {
        return refusals[group];
    }

    boolean isOpen(int key) {
        return outcomes[key] == Outcome.OUTCOME_UNSPECIFIED;
    }

    void answer(int key, Outcome outcome, CachedRow row) {
        outcomes[key] = outcome;
        generations[key] = row.generation();
        byte[] value = outcome == Outcome.OUTCOME_FOUND ? row.value() : null;
        values[key] = value == null || value.length == 0 ? null : value;
        open--;
        spare -= BatchResponseEncoder.bytesBeyondFailure(this, key);
        while (spare < 0) {
            end--;
            drop(end);
        }
    }

    /** Takes the answer of a key back, or does without: what is known before it leaves no room. */
    private void drop(int key) {
        if (outcomes[key] != Outcome.OUTCOME_FAILED) {
            spare += isOpen(key) ? 0 : BatchResponseEncoder.bytesBeyondFailure(this, key);
            fail(key, Reason.REASON_RESPONSE_TOO_LARGE);
        }
    }

    /** Fails a key, for another reason if it has failed. */
    void fail(int key, Reason reason) {
        open -= isOpen(key) ? 1 : 0;
        outcomes[key] = Outcome.OUTCOME_FAILED;
        reasons[key] = reason;
        values[key] = null;
        generations[key] = 0;
    }

    Outcome outcome(int key) {
        return outcomes[key];
    }

    Reason reason(int key) {
        return reasons[key];
    }

    /** The row's generation; 0 for an empty bucket and for a failed key. */
    long generation(int key) {
        return generations[key];
    }

    /** The value to send, or null. */
    byte @Nullable [] value(int key) {
        return values[key];
    }

    /** Counts the rows of a group, neighbours with the same answer at once. */
    void count(int group, ForDataset metrics) {
        int end = keys.endKey(group);
        int to;
        for (int from = keys.firstKey(group); from < end; from = to) {
            to = from + 1;
            while (to < end && outcomes[to] == outcomes[from] && reasons[to] == reasons[from]) {
                to++;
            }
            metrics.batchRows(outcomes[from], reasons[from], to - from);
        }
    }
}
