package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.codec.BatchKeys;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a batch as they come in, key by key in the order of the request, and never more of them than may be
 * sent. What is sent are the rows before the first that does not fit, in the order of the request; which one that is
 * does not depend on the order in which they come in. Confined to its loop; hot.
 */
final class BatchRows {
    private static final byte UNSPECIFIED = Outcome.OUTCOME_UNSPECIFIED_VALUE;
    private static final byte FAILED = Outcome.OUTCOME_FAILED_VALUE;

    private final BatchKeys keys;
    private final @Nullable DatasetView[] versions;
    private final Reason[] refusals;
    /** What was found, of keys that have an answer; while they are looked for, what is likely to be. */
    private final @Nullable CachedRow[] rows;
    /** Numbers of outcomes and reasons, and how many bytes each row takes: arrays that cost the collector nothing. */
    private final byte[] outcomes;

    private final byte[] reasons;
    private final int[] bytes;
    private int open;

    /** Bytes left for rows. */
    private long spare;

    /** This key and those after it do not fit. */
    private int end;

    BatchRows(BatchKeys keys) {
        this.keys = keys;
        versions = new DatasetView[keys.groups()];
        refusals = new Reason[keys.groups()];
        rows = new CachedRow[keys.keys()];
        outcomes = new byte[keys.keys()];
        reasons = new byte[keys.keys()];
        bytes = new int[keys.keys()];
        Arrays.fill(refusals, Reason.REASON_UNSPECIFIED);
        begin();
    }

    /** Forgets every answer. */
    void clear() {
        Arrays.fill(versions, null);
        Arrays.fill(refusals, Reason.REASON_UNSPECIFIED);
        Arrays.fill(rows, null);
        Arrays.fill(outcomes, UNSPECIFIED);
        Arrays.fill(reasons, (byte) Reason.REASON_UNSPECIFIED_VALUE);
        Arrays.fill(bytes, 0);
        begin();
    }

    private void begin() {
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
        return outcomes[key] == UNSPECIFIED;
    }

    /** Keeps what the answer to an open key is likely to be. */
    void expect(int key, @Nullable CachedRow likely) {
        rows[key] = likely;
    }

    /** What an open key's answer is likely to be, if anything is known. */
    @Nullable
    CachedRow expected(int key) {
        return rows[key];
    }

    /** Answers a key that is open. */
    void answer(int key, Outcome outcome, CachedRow row) {
        int rowBytes = BatchResponseEncoder.rowBytes(outcome, row);
        outcomes[key] = (byte) outcome.getNumber();
        rows[key] = row;
        bytes[key] = rowBytes;
        open--;
        spare -= BatchResponseEncoder.bytesBeyondFailure(rowBytes);
        while (spare < 0) {
            end--;
            drop(end);
        }
    }

    /** Takes the answer of a key back, or does without: what is known before it leaves no room. */
    private void drop(int key) {
        if (outcomes[key] != FAILED) {
            spare += isOpen(key) ? 0 : BatchResponseEncoder.bytesBeyondFailure(bytes[key]);
            fail(key, Reason.REASON_RESPONSE_TOO_LARGE);
        }
    }

    /** Fails a key, for another reason if it has failed. */
    void fail(int key, Reason reason) {
        open -= isOpen(key) ? 1 : 0;
        outcomes[key] = FAILED;
        reasons[key] = (byte) reason.getNumber();
        rows[key] = null;
        bytes[key] = BatchResponseEncoder.FAILED_BYTES;
    }

    /** The number of the key's outcome. */
    int outcome(int key) {
        return outcomes[key];
    }

    /** Why a key failed. */
    Reason reason(int key) {
        return Loop.known(Reason.forNumber(reasons[key]));
    }

    /** What was found under a key; null if it failed. */
    @Nullable
    CachedRow row(int key) {
        return rows[key];
    }

    /** How many bytes the answer to a key takes, without its tag and length. */
    int bytes(int key) {
        return bytes[key];
    }

    /** Counts the rows of a group, neighbours with the same answer at once. */
    void count(int group, ForDataset metrics) {
        int groupEnd = keys.endKey(group);
        int to;
        for (int from = keys.firstKey(group); from < groupEnd; from = to) {
            to = from + 1;
            while (to < groupEnd && outcomes[to] == outcomes[from] && reasons[to] == reasons[from]) {
                to++;
            }
            metrics.batchRows(Loop.known(Outcome.forNumber(outcomes[from])), reason(from), to - from);
        }
    }
}
