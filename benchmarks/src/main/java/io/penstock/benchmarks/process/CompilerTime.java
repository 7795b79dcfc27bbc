package io.penstock.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much processor time the just-in-time compilers of a JVM have taken, by the names HotSpot gives their threads in {@code
 * /proc}; nothing where there is no such directory.
 */
public final class CompilerTime {
    /** Of {@code USER_HZ}, which is 100 for every program on Linux (proc_pid_stat(5)). */
    private static final Duration TICK = Duration.ofMillis(10);

    /** After the name: state, parent, group, session, terminal, its group, flags, four kinds of faults. */
    private static final int USER = 11;

    private static final int SYSTEM = USER + 1;

    private CompilerTime() {}

    /** Of several JVMs together. Compilers that have ended since an earlier look make it less. */
    public static Duration of(List<Long> pids) {
        long ticks = 0;
        for (long pid : pids) {
            ticks += ticks(Path.of("/proc", String.valueOf(pid), "task"));
        }
        return TICK.multipliedBy(ticks);
    }

    private static long ticks(Path threads) {
        long ticks = 0;
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : (Iterable<Path>) all::iterator) {
                ticks += compilerTicks(stat(thread));
            }
        } catch (IOException e) {
            return ticks; // not Linux, or the process has ended
        }
        return ticks;
    }

    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            return ""; // the thread has ended
        }
    }

    /** What a thread's {@code stat} says if it is a compiler's; else 0. */
    static long compilerTicks(String stat) {
        int nameEnd = stat.lastIndexOf(')');
        int name = stat.indexOf('(') + 1;
        if (nameEnd < name || !stat.startsWith("CompilerThre", name + 3)) { // C1 or C2, cut off after 15 characters
            return 0;
        }
        String[] fields = stat.substring(nameEnd + 1).strip().split(" ", -1);
        return Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    }
}
