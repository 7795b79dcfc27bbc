package io.penstock.publisher.sort;

import java.nio.file.Path;

/**
 * How a sort may use the machine.
 *
 * @param directory where it may spill; it makes, and removes, a directory of its own in there
 * @param memoryBytes what the engine may hold outside the Java heap before it spills
 * @param threads how many cores it may use
 * @param spillBytesMax how much it may spill before it gives up; 0: as much as the disk has
 */
public record SortOptions(Path directory, long memoryBytes, int threads, long spillBytesMax) {
    public static final long MEMORY_BYTES_DEFAULT = 384L << 20;
    public static final int THREADS_DEFAULT = 2;

    /** Below this the engine has no room for the blocks it has in hand. */
    public static final long MEMORY_BYTES_MIN = 128L << 20;

    public SortOptions {
        if (memoryBytes < MEMORY_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "sort memory: " + memoryBytes + " bytes (expected: >= " + MEMORY_BYTES_MIN + ")");
        }
        if (spillBytesMax < 0) {
            throw new IllegalArgumentException("sort spill: " + spillBytesMax + " bytes (expected: >= 0)");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("sort threads: " + threads + " (expected: > 0)");
        }
    }

    public SortOptions(Path directory, long memoryBytes, int threads) {
        this(directory, memoryBytes, threads, 0);
    }

    /** The defaults, in a directory. */
    public static SortOptions in(Path directory) {
        return new SortOptions(directory, MEMORY_BYTES_DEFAULT, THREADS_DEFAULT);
    }

    /** In the system's temporary directory. */
    public static SortOptions defaults() {
        return in(Path.of(System.getProperty("java.io.tmpdir")));
    }
}
