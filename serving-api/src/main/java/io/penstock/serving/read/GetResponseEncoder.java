package io.penstock.serving.read;

import io.penstock.serving.read.codec.WireWriter;
import io.penstock.serving.v1.Outcome;
import java.io.IOException;
import java.io.OutputStream;

/** Writes {@code GetResponse}s; the end of step 5 of the read path, and hot. One a loop, pointed at one answer a time. */
final class GetResponseEncoder implements EncodedResponse {
    private static final int TAG_OUTCOME = 1 << 3;
    private static final int TAG_VALUE = 2 << 3 | 2;
    private static final int TAG_VERSION_INFO = 3 << 3 | 2;
    private static final int TAG_GENERATION = 4 << 3 | 1;
    private static final int GENERATION_BYTES = 1 + 8;

    private final WireWriter writer;

    private int outcome;
    private byte[] value = new byte[0];
    private int valueLength;
    private byte[] versionInfo = new byte[0];
    private long generation;
    private int length;

    GetResponseEncoder(WireWriter writer) {
        this.writer = writer;
    }

    /**
     * Points to an answer.
     *
     * @param newValue begins with the value of a row that is found
     * @param newValueLength 0 if there is no value
     */
    EncodedResponse point(
            Outcome newOutcome, byte[] newValue, int newValueLength, byte[] newVersionInfo, long newGeneration) {
        outcome = newOutcome.getNumber();
        value = newValue;
        valueLength = newValueLength;
        versionInfo = newVersionInfo;
        generation = newGeneration;
        length = 2 + (newGeneration == 0 ? 0 : GENERATION_BYTES) + fieldBytes(newVersionInfo.length);
        if (valueLength != 0) {
            length += fieldBytes(valueLength);
        }
        return this;
    }

    private static int fieldBytes(int contentBytes) {
        return 1 + WireWriter.varintBytes(contentBytes) + contentBytes;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        writer.begin(out);
        writer.varint(TAG_OUTCOME);
        writer.varint(outcome);
        if (valueLength != 0) {
            writer.varint(TAG_VALUE);
            writer.varint(valueLength);
            writer.bytes(value, valueLength);
        }
        writer.varint(TAG_VERSION_INFO);
        writer.varint(versionInfo.length);
        writer.bytes(versionInfo, versionInfo.length);
        if (generation != 0) {
            writer.varint(TAG_GENERATION);
            writer.fixed64(generation);
        }
        writer.end();
    }
}
