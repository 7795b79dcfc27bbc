package io.penstock.publisher.sort;

import io.penstock.publisher.RowCursor;

/**
 * How a {@link MergeSorter} divides its memory.
 *
 * @param segmentBytesFirst the first segment: a small data set needs no more
 * @param segmentBytesMax the later ones, each twice the one before, up to this
 * @param segmentsBytesMax all segments together
 * @param readBytesMax all frames together that are read at a time
 * @param frameBytes how large a frame of a run is, unless a row is larger
 * @param runsMax how many runs are merged at a time
 */
record MergeLimits(
        int segmentBytesFirst,
        int segmentBytesMax,
        long segmentsBytesMax,
        long readBytesMax,
        int frameBytes,
        int runsMax) {
    private static final int SEGMENT_BYTES_FIRST = 2 << 20;
    private static final int FRAME_BYTES = 256 << 10;
    private static final int RUNS_MAX = 256;
    /** One is filled, one sorted, one written; the others keep rows in memory. */
    private static final int SEGMENTS = 6;

    static {
        if (SEGMENT_BYTES_FIRST < SortRecord.bytesMax(RowCursor.KEY_BYTES_MAX, RowCursor.VALUE_BYTES_MAX)) {
            throw new AssertionError("a segment must hold the largest row");
        }
    }

    /** Three quarters for rows, one for reading runs. */
    static MergeLimits of(long memoryBytes) {
        long segmentsBytes = memoryBytes / 4 * 3;
        int segmentBytesMax = (int) Math.min(Segment.CAPACITY_MAX, segmentsBytes / SEGMENTS) & -8;
        return new MergeLimits(
                Math.min(SEGMENT_BYTES_FIRST, segmentBytesMax),
                segmentBytesMax,
                segmentsBytes,
                memoryBytes - segmentsBytes,
                FRAME_BYTES,
                RUNS_MAX);
    }

    /** Every segment takes at least one row, however large: else a sorter would look for one for ever. */
    void requireFits(int keyLength, int valueLength) {
        if (keyLength > Short.MAX_VALUE || SortRecord.bytesMax(keyLength, valueLength) > segmentBytesFirst) {
            throw new IllegalArgumentException(
                    "row: " + (keyLength + valueLength) + " bytes (expected: at most about " + segmentBytesFirst + ")");
        }
    }

    /** How large the next segment is; 0 if there is no room for it. */
    int nextSegmentBytes(long bytesAllocated) {
        long left = segmentsBytesMax - bytesAllocated;
        if (left < segmentBytesFirst) {
            return 0;
        }
        long next = Math.max(segmentBytesFirst, bytesAllocated);
        return (int) Math.min(left, Math.min(segmentBytesMax, next));
    }
}
