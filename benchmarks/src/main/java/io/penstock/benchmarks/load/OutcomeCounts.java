package io.penstock.benchmarks.load;

import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.RowResult;
import java.util.Map;
import java.util.TreeMap;

/** Counts the outcomes in answers by walking their wire format where it arrived. Hot: it makes no object. */
final class OutcomeCounts {
    private static final int GET_OUTCOME = tag(GetResponse.OUTCOME_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int BATCH_GROUP =
            tag(BatchGetResponse.GROUPS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int GROUP_ROW = tag(DatasetRows.ROWS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int GROUP_CODE = tag(DatasetRows.CODE_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int ROW_OUTCOME = tag(RowResult.OUTCOME_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);

    private final long[] counts = new long[Outcome.values().length];
    private final WireWalk walk = new WireWalk();
    private long failedGroups;
    private long unreadable;

    void addGet(ByteBuf response, int offset, int length) {
        walk.begin(response, offset, length);
        addRow(offset + length, GET_OUTCOME);
        unreadable += walk.failed() ? 1 : 0;
    }

    void addBatch(ByteBuf response, int offset, int length) {
        walk.begin(response, offset, length);
        int end = offset + length;
        while (walk.position() < end) {
            int tag = walk.tag();
            if (tag == BATCH_GROUP) {
                addGroup(walk.fieldEnd());
            } else {
                walk.skip(tag);
            }
        }
        unreadable += walk.failed() ? 1 : 0;
    }

    private void addGroup(int end) {
        while (walk.position() < end) {
            int tag = walk.tag();
            if (tag == GROUP_ROW) {
                addRow(walk.fieldEnd(), ROW_OUTCOME);
            } else if (tag == GROUP_CODE) {
                failedGroups += walk.varint() == 0 ? 0 : 1;
            } else {
                walk.skip(tag);
            }
        }
    }

    private void addRow(int end, int outcomeTag) {
        int outcome = 0;
        while (walk.position() < end) {
            int tag = walk.tag();
            if (tag == outcomeTag) {
                outcome = (int) walk.varint();
            } else {
                walk.skip(tag);
            }
        }
        counts[outcome >= 0 && outcome < counts.length ? outcome : 0]++;
    }

    void add(OutcomeCounts other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        failedGroups += other.failedGroups;
        unreadable += other.unreadable;
    }

    /** Answers that are no message of this API. */
    long unreadable() {
        return unreadable;
    }

    /** By the outcome's name without its prefix; what never came is left out. */
    Map<String, Long> byName() {
        Map<String, Long> names = new TreeMap<>();
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.UNRECOGNIZED && counts[outcome.getNumber()] > 0) {
                names.put(outcome.name().substring("OUTCOME_".length()), counts[outcome.getNumber()]);
            }
        }
        if (failedGroups > 0) {
            names.put("FAILED_GROUP", failedGroups);
        }
        return names;
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
