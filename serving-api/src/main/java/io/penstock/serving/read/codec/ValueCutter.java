package io.penstock.serving.read.codec;

import org.jspecify.annotations.Nullable;

/**
 * Cuts the fields nobody asked for out of a value. It walks the wire format, copies what is selected as it is, in runs,
 * and looks into no field. Part of step 5 of the read path for callers who select fields, and hot. Confined to one loop.
 */
public final class ValueCutter {
    private final WireReader wire = new WireReader();

    /**
     * The selected fields of a serialized message, the first {@code length} bytes of {@code value}, in the order in which
     * they stand there.
     *
     * @return {@code value} itself if nothing is to be cut; null if the bytes are no message
     */
    public byte @Nullable [] cut(byte[] value, int length, FieldSelection fields) {
        int kept = keptBytes(value, length, fields);
        if (kept < 0) {
            return null;
        }
        return kept == length ? value : copy(value, length, fields, new byte[kept]);
    }

    /** How many bytes the selected fields take; negative if the bytes are no message. */
    private int keptBytes(byte[] value, int length, FieldSelection fields) {
        int kept = 0;
        wire.reset(value, 0);
        while (wire.hasMore(length)) {
            int from = wire.at();
            if (next(length, fields)) {
                kept += wire.at() - from;
            }
        }
        return wire.failed() ? -1 : kept;
    }

    private byte[] copy(byte[] value, int length, FieldSelection fields, byte[] target) {
        int at = 0;
        int runFrom = 0;
        wire.reset(value, 0);
        while (wire.hasMore(length)) {
            int from = wire.at();
            if (!next(length, fields)) {
                System.arraycopy(value, runFrom, target, at, from - runFrom);
                at += from - runFrom;
                runFrom = wire.at();
            }
        }
        System.arraycopy(value, runFrom, target, at, length - runFrom);
        return target;
    }

    /** Steps over a field and says whether it is selected. */
    private boolean next(int length, FieldSelection fields) {
        int tag = wire.tag(length);
        wire.skip(tag, length);
        return fields.has(tag >>> 3);
    }
}
