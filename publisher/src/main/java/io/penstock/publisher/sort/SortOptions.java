package io.penstock.publisher.sort;

import java.nio.file.Path;

/**
 * How a sort may use the machine.
 *
 * @param directory where it may spill; its files are gone when it ends, however it ends
 * @param memoryBytes what it may hold outside the Java heap before it spills. Within the heap it needs a few per cent of
 *     that for the rows' order, and while runs are read up to a quarter
 * @param spillBytesMax how much it may spill before it gives up; 0: as much as the disk has
 */
public record SortOptions(Path directory, long memoryBytes, long spillBytesMax) {
    public static final long MEMORY_BYTES_DEFAULT = 384L << 20;

    /** Below this a few of the largest rows would not fit. */
    public static final long MEMORY_BYTES_MIN = 16L << 20;

    public SortOptions {
        if (memoryBytes < MEMORY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "sort memory: " + memoryBytes + " bytes (expected: >= " + MEMORY_BYTES_MIN + ")");
        }
        if (spillBytesMax < 0) {
            throw new IllegalArgumentException("sort spill: " + spillBytesMax + " bytes (expected: >= 0)");
        }
    }

    /** The defaults, in a directory. */
    public static SortOptions in(Path directory) {
        return new SortOptions(directory, MEMORY_BYTES_DEFAULT, 0);
    }

    /** In the system's temporary directory. */
    public static SortOptions defaults() {
        return in(Path.of(System.getProperty("java.io.tmpdir")));
    }
}
