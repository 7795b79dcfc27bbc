package io.penstock.benchmarks.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.RowResult;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Counts the outcomes in answers by walking their wire format: the driver must cost less than the server. */
final class OutcomeCounts {
    private static final int GET_OUTCOME = tag(GetResponse.OUTCOME_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int BATCH_GROUP =
            tag(BatchGetResponse.GROUPS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int GROUP_ROW = tag(DatasetRows.ROWS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    private static final int GROUP_CODE = tag(DatasetRows.CODE_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);
    private static final int ROW_OUTCOME = tag(RowResult.OUTCOME_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT);

    private final long[] counts = new long[Outcome.values().length];
    private long failedGroups;

    void addGet(byte[] response) throws IOException {
        addRow(CodedInputStream.newInstance(response), GET_OUTCOME);
    }

    void addBatch(byte[] response) throws IOException {
        CodedInputStream input = CodedInputStream.newInstance(response);
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == BATCH_GROUP) {
                int outer = input.pushLimit(input.readRawVarint32());
                addGroup(input);
                input.popLimit(outer);
            } else {
                input.skipField(tag);
            }
        }
    }

    private void addGroup(CodedInputStream input) throws IOException {
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == GROUP_ROW) {
                int outer = input.pushLimit(input.readRawVarint32());
                addRow(input, ROW_OUTCOME);
                input.popLimit(outer);
            } else if (tag == GROUP_CODE) {
                failedGroups += input.readInt32() == 0 ? 0 : 1;
            } else {
                input.skipField(tag);
            }
        }
    }

    private void addRow(CodedInputStream input, int outcomeTag) throws IOException {
        int outcome = 0;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == outcomeTag) {
                outcome = input.readEnum();
            } else {
                input.skipField(tag);
            }
        }
        counts[outcome >= 0 && outcome < counts.length ? outcome : 0]++;
    }

    void add(OutcomeCounts other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        failedGroups += other.failedGroups;
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
