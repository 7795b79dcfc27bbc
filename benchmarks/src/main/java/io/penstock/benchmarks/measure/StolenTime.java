package io.penstock.benchmarks.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How much of this machine's processors its host gave to others. A virtual machine sees that as pauses of milliseconds in
 * whatever it runs, so a round in which it happened says little. Looks at {@code /proc/stat} ten times a second on a
 * thread of its own; knows nothing where there is no such file.
 */
public final class StolenTime implements AutoCloseable {
    private static final Path STAT = Path.of("/proc/stat");
    private static final Duration EVERY = Duration.ofMillis(100);

    /** After user, nice, system, idle, iowait, irq and softirq. */
    private static final int STEAL = 7;

    private static final int COUNTED = STEAL + 1; // what follows is in user already

    private final ConcurrentSkipListMap<Long, Ticks> looks = new ConcurrentSkipListMap<>();
    private final Thread thread = new Thread(this::look, "stolen-time");

    private volatile boolean closed;

    private StolenTime() {
        thread.setDaemon(true);
    }

    /** What the processors did since the machine started. */
    record Ticks(long all, long stolen) {
        /** Of the first line of {@code /proc/stat}; null if it is not that. */
        static @Nullable Ticks parse(String line) {
            String[] words = line.strip().split("\\s+", -1);
            if (!words[0].equals("cpu") || words.length <= COUNTED) {
                return null;
            }
            long all = 0;
            for (int i = 1; i <= COUNTED; i++) {
                all += Long.parseLong(words[i]);
            }
            return new Ticks(all, Long.parseLong(words[1 + STEAL]));
        }

        double stolenShareSince(Ticks before) {
            return all == before.all ? 0 : (double) (stolen - before.stolen) / (all - before.all);
        }
    }

    /** Begins to look. */
    public static StolenTime watch() {
        StolenTime watch = new StolenTime();
        watch.thread.start();
        return watch;
    }

    private void look() {
        while (!closed) {
            try (var lines = Files.lines(STAT)) {
                Ticks now = lines.findFirst().map(Ticks::parse).orElse(null);
                if (now == null) {
                    return;
                }
                looks.put(System.nanoTime(), now);
            } catch (IOException e) {
                return;
            }
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    /** The share of all processors' time between two moments of {@link System#nanoTime}; 0 where it is not known. */
    public double shareBetween(long fromNanos, long toNanos) {
        Map.Entry<Long, Ticks> before = looks.floorEntry(fromNanos);
        Map.Entry<Long, Ticks> from = before == null ? looks.firstEntry() : before;
        Map.Entry<Long, Ticks> to = looks.floorEntry(toNanos);
        return from == null || to == null ? 0 : to.getValue().stolenShareSince(from.getValue());
    }

    @Override
    public void close() {
        closed = true;
    }
}
