package io.penstock.benchmarks.sort;

import io.penstock.benchmarks.Conditions;
import io.penstock.publisher.sort.RowSorter;
import io.penstock.publisher.sort.SortedRows;
import io.penstock.store.layout.BucketLayout;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Question: how much memory does a publication need to sort its rows, and does that grow with their number?
 *
 * <p>Rows: keys {@code 0 … n-1} in decimal, one each, hashed as the publisher does; values of random bytes. They are added and
 * read back through the publisher's own sorter, and their order and number are checked. Machine: printed with the
 * result. Command, as the heap is the JVM's to limit: {@code
 * PENSTOCK_JAVA_OPTS=-Xmx512m penstock bench sort --rows 20000000 --value-bytes 200}
 */
public final class SortMemory {
    private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT_MAX = "VmHWM:";
    private static final long SAMPLE_ROWS = 1 << 14;
    private static final long SEED = 1;

    private final SortMemoryOptions options;
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private long heapBytesMax;

    private SortMemory(SortMemoryOptions options) {
        this.options = options;
    }

    /** Sorts, and tells what it took. The figures are of the whole process. */
    public static SortMemoryReport run(SortMemoryOptions options) {
        return new SortMemory(options).run();
    }

    private SortMemoryReport run() {
        try (RowSorter sorter = RowSorter.open(options.sort())) {
            long startedAt = System.nanoTime();
            add(sorter);
            long addedAt = System.nanoTime();
            read(sorter);
            long readAt = System.nanoTime();
            return new SortMemoryReport(
                    conditions(),
                    sorter.rows(),
                    sorter.bytes(),
                    Duration.ofNanos(addedAt - startedAt),
                    Duration.ofNanos(readAt - addedAt),
                    heapBytesMax,
                    residentBytesMax());
        }
    }

    private void add(RowSorter sorter) {
        BucketLayout layout = new BucketLayout(BucketLayout.BITS_MIN, SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        for (long row = 0; row < options.rows(); row++) {
            byte[] key = Long.toString(row).getBytes(StandardCharsets.UTF_8);
            byte[] value = new byte[options.valueBytes()];
            random.nextBytes(value);
            sorter.add(layout.hash(key), key, value, row + 1);
            sample(row);
        }
    }

    private void read(RowSorter sorter) {
        long rows = 0;
        long bytes = 0;
        long hashBefore = 0;
        try (SortedRows sorted = sorter.sorted()) {
            while (sorted.next()) {
                if (Long.compareUnsigned(sorted.hash(), hashBefore) < 0) {
                    throw new IllegalStateException("row " + rows + " is out of order");
                }
                hashBefore = sorted.hash();
                bytes += sorted.key().length + sorted.value().length;
                sample(rows++);
            }
        }
        if (rows != sorter.rows() || bytes != sorter.bytes()) {
            throw new IllegalStateException(sorter.rows() + " rows of " + sorter.bytes() + " bytes were added, " + rows
                    + " of " + bytes + " came back");
        }
    }

    private void sample(long row) {
        if (row % SAMPLE_ROWS == 0) {
            heapBytesMax = Math.max(heapBytesMax, memory.getHeapMemoryUsage().getUsed());
        }
    }

    private Map<String, String> conditions() {
        Map<String, String> conditions = Conditions.ofThisProcess();
        conditions.put("values", options.valueBytes() + " random bytes each");
        conditions.put("sorter", options.sort().memoryBytes() / (1024 * 1024) + " MiB");
        return conditions;
    }

    /** The operating system's own high-water mark. */
    private static long residentBytesMax() {
        if (!Files.isReadable(PROCESS_STATUS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(PROCESS_STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT_MAX))
                    .map(line -> line.substring(RESIDENT_MAX.length())
                            .replace("kB", "")
                            .strip())
                    .mapToLong(kibibytes -> Long.parseLong(kibibytes) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
