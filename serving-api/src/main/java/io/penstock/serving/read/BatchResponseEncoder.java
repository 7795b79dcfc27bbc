package io.penstock.serving.read;

import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.codec.BatchKeys;
import io.penstock.serving.read.codec.WireWriter;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code BatchGetResponse}s within the limit; the end of step 5 of the read path, and hot. One a loop, pointed at
 * one answer a time.
 */
final class BatchResponseEncoder implements EncodedResponse {
    private static final int TAG_GROUPS = 1 << 3 | 2;
    private static final int TAG_VERSION_INFO = 1 << 3 | 2;
    private static final int TAG_ROWS = 2 << 3 | 2;
    private static final int TAG_GROUP_CODE = 3 << 3;
    private static final int TAG_GROUP_REASON = 4 << 3;
    private static final int TAG_OUTCOME = 1 << 3;
    private static final int TAG_VALUE = 2 << 3 | 2;
    private static final int TAG_GENERATION = 3 << 3 | 1;
    private static final int TAG_CODE = 4 << 3;
    private static final int TAG_REASON = 5 << 3;

    /** A field of one byte and its tag: outcomes, codes and reasons are all below 128. */
    private static final int SMALL_FIELD_BYTES = 2;

    private static final int GENERATION_BYTES = 1 + 8;
    /** A failed row: outcome, code, reason. */
    static final int FAILED_BYTES = 3 * SMALL_FIELD_BYTES;
    /** A failed row with its tag and length. */
    private static final int FAILED_ROW_BYTES = 2 + FAILED_BYTES;
    /** A group's tag and length, its version's tag and length, or its code and reason. */
    private static final int GROUP_BYTES_MAX = 16;

    private final WireWriter writer;
    private final int responseBytesMax;

    private @Nullable BatchRows rows;
    private int[] groupBytes = new int[16];
    private int length;

    BatchResponseEncoder(WireWriter writer, int responseBytesMax) {
        this.writer = writer;
        this.responseBytesMax = responseBytesMax;
    }

    /** Points to an answer. It fits, for {@link #rowBytesMax} bounds its rows. */
    EncodedResponse point(BatchRows newRows) {
        rows = newRows;
        BatchKeys keys = newRows.keys();
        if (groupBytes.length < keys.groups()) {
            groupBytes = Arrays.copyOf(groupBytes, Math.max(2 * groupBytes.length, keys.groups()));
        }
        length = 0;
        for (int group = 0; group < keys.groups(); group++) {
            int bytes = headBytes(newRows, group);
            if (newRows.refusal(group) == Reason.REASON_UNSPECIFIED) {
                for (int key = keys.firstKey(group); key < keys.endKey(group); key++) {
                    bytes += framedBytes(newRows.bytes(key));
                }
            }
            groupBytes[group] = bytes;
            length += framedBytes(bytes);
        }
        return this;
    }

    /** Lets go of the answer. */
    void done() {
        rows = null;
    }

    /** How many bytes more than if all had failed the rows of an answer may take, once its versions are chosen. */
    long rowBytesMax(BatchRows rows) {
        BatchKeys keys = rows.keys();
        long bytes = (long) keys.keys() * FAILED_ROW_BYTES;
        for (int group = 0; group < keys.groups(); group++) {
            DatasetView version = rows.version(group);
            bytes += GROUP_BYTES_MAX + (version == null ? 0 : version.versionInfo().length);
        }
        return Math.max(0, responseBytesMax - bytes);
    }

    /** How many bytes more a row of {@code rowBytes} takes than if it had failed. */
    static int bytesBeyondFailure(int rowBytes) {
        return Math.max(0, framedBytes(rowBytes) - FAILED_ROW_BYTES);
    }

    /** How many bytes the answer to a key takes, without its tag and length. */
    static int rowBytes(Outcome outcome, CachedRow row) {
        int value = valueLength(outcome.getNumber(), row);
        int bytes = SMALL_FIELD_BYTES + (row.generation() == 0 ? 0 : GENERATION_BYTES);
        return value == 0 ? bytes : bytes + framedBytes(value);
    }

    /** How many bytes of a value are to be sent. */
    private static int valueLength(int outcome, CachedRow row) {
        return outcome == Outcome.OUTCOME_FOUND_VALUE ? row.valueLength() : 0;
    }

    /** Bytes of a group besides its rows. */
    private static int headBytes(BatchRows rows, int group) {
        if (rows.refusal(group) != Reason.REASON_UNSPECIFIED) {
            return 2 * SMALL_FIELD_BYTES;
        }
        DatasetView version = rows.version(group);
        return version == null ? 0 : framedBytes(version.versionInfo().length);
    }

    /** Bytes of a field whose content has a length: its tag, the length, the content. */
    private static int framedBytes(int contentBytes) {
        return 1 + WireWriter.varintBytes(contentBytes) + contentBytes;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        BatchRows answer = Loop.known(rows);
        writer.begin(out);
        for (int group = 0; group < answer.keys().groups(); group++) {
            writer.varint(TAG_GROUPS);
            writer.varint(groupBytes[group]);
            writeGroup(answer, group);
        }
        writer.end();
    }

    private void writeGroup(BatchRows answer, int group) throws IOException {
        Reason refusal = answer.refusal(group);
        if (refusal != Reason.REASON_UNSPECIFIED) {
            writer.varint(TAG_GROUP_CODE);
            writer.varint(ReadFailures.code(refusal));
            writer.varint(TAG_GROUP_REASON);
            writer.varint(refusal.getNumber());
            return;
        }
        DatasetView version = answer.version(group);
        if (version != null) {
            writer.varint(TAG_VERSION_INFO);
            writer.varint(version.versionInfo().length);
            writer.bytes(version.versionInfo(), version.versionInfo().length);
        }
        for (int key = answer.keys().firstKey(group); key < answer.keys().endKey(group); key++) {
            writeRow(answer, key);
        }
    }

    private void writeRow(BatchRows answer, int key) throws IOException {
        writer.varint(TAG_ROWS);
        writer.varint(answer.bytes(key));
        int outcome = answer.outcome(key);
        writer.varint(TAG_OUTCOME);
        writer.varint(outcome);
        CachedRow row = answer.row(key);
        if (row == null) {
            Reason reason = answer.reason(key);
            writer.varint(TAG_CODE);
            writer.varint(ReadFailures.code(reason));
            writer.varint(TAG_REASON);
            writer.varint(reason.getNumber());
            return;
        }
        int value = valueLength(outcome, row);
        if (value != 0) {
            writer.varint(TAG_VALUE);
            writer.varint(value);
            writer.bytes(row.bytes(), value);
        }
        if (row.generation() != 0) {
            writer.varint(TAG_GENERATION);
            writer.fixed64(row.generation());
        }
    }
}
