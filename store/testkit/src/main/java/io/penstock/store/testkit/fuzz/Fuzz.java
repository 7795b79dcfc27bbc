package io.penstock.store.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives a parser wrong input, round by round: it must read it or refuse it as documented, soon, and without making room for
 * a size that the input only claims. A round's input follows from the round's seed alone, which a failure names;
 * {@code -Dpenstock.fuzz.seed} and {@code -Dpenstock.fuzz.rounds} run others, and more.
 */
public final class Fuzz {
    /** The first round's seed in a build, so that a build finds what the last one found. */
    private static final long SEED_DEFAULT = 20_261_128;

    private static final int ALLOCATED_BYTES_OF_A_BYTE = 400;
    private static final int INPUT_SHOWN_BYTES = 3_000;
    private static final long TIME_MAX_SECONDS = 30;
    private static final long TIME_MAX_SECONDS_OF_1000_ROUNDS = 10;

    private final String name;
    private final Mutator mutator;
    private final List<byte[]> valid;
    private long allocatedBytesMax = 4 << 20;

    private Fuzz(String name, Mutator mutator, List<byte[]> valid) {
        this.name = name;
        this.mutator = mutator;
        this.valid = valid;
    }

    /** What reads the input; it takes the documented refusals itself, so that whatever it throws is a defect. */
    @FunctionalInterface
    public interface Target {
        void read(byte[] input) throws Exception;
    }

    /** Of a parser of bytes. */
    public static Fuzz bytes(String name, List<byte[]> valid) {
        return new Fuzz(name, new Mutator(List.of()), List.copyOf(valid));
    }

    /**
     * Of a parser of text.
     *
     * @param words what is inserted, beside bytes
     */
    public static Fuzz text(String name, List<String> valid, String... words) {
        return new Fuzz(
                name,
                new Mutator(Stream.of(words).map(Fuzz::utf8).toList()),
                valid.stream().map(Fuzz::utf8).toList());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** How much a round may allocate beyond what its bytes account for, in place of 4 MiB; claims are mostly 16 MiB and more. */
    public Fuzz allocatingAtMost(long bytes) {
        allocatedBytesMax = bytes;
        return this;
    }

    /** Runs as many rounds as in a build, or as the system property says. */
    public void run(int roundsInABuild, Target target) throws Exception {
        long seed = Long.getLong("penstock.fuzz.seed", SEED_DEFAULT);
        int rounds = Integer.getInteger("penstock.fuzz.rounds", roundsInABuild);
        Rounds all = new Rounds(target, seed, rounds);
        FutureTask<Void> task = new FutureTask<>(all, null);
        Thread thread = new Thread(task, "fuzz");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(TIME_MAX_SECONDS + rounds * TIME_MAX_SECONDS_OF_1000_ROUNDS / 1_000, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            String stack =
                    Stream.of(thread.getStackTrace()).map(String::valueOf).collect(Collectors.joining("\n  "));
            throw new AssertionError(all.place() + " has not ended:\n  " + stack, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError found) {
                throw found;
            }
            throw e;
        }
    }

    private final class Rounds implements Runnable {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final Target target;
        private final long firstSeed;
        private final int rounds;
        private volatile long seed;
        private volatile byte[] input = {};

        private Rounds(Target target, long firstSeed, int rounds) {
            this.target = target;
            this.firstSeed = firstSeed;
            this.rounds = rounds;
        }

        @Override
        public void run() {
            for (byte[] whole : valid) { // must be read
                input = whole;
                read();
            }
            for (int round = 0; round < rounds; round++) {
                seed = firstSeed + round;
                input = mutator.mutate(valid, new SplittableRandom(seed));
                long allowed = allocatedBytesMax + (long) ALLOCATED_BYTES_OF_A_BYTE * input.length;
                long allocated = allocatedReading();
                if (allocated > allowed) {
                    allocated = allocatedReading(); // the first time may have loaded classes, which is nobody's claim
                }
                if (allocated > allowed) {
                    throw new AssertionError(place() + " makes the parser allocate " + allocated + " bytes");
                }
            }
        }

        private long allocatedReading() {
            Thread thread = Thread.currentThread();
            long before = threads.getThreadAllocatedBytes(thread.getId());
            read();
            return threads.getThreadAllocatedBytes(thread.getId()) - before;
        }

        private void read() {
            try {
                target.read(input.clone());
            } catch (Throwable e) { // an Error, too, is what is looked for
                throw new AssertionError(place() + ": " + e, e);
            }
        }

        private String place() {
            byte[] bytes = input;
            return name + ": the input of -Dpenstock.fuzz.seed=" + seed + " -Dpenstock.fuzz.rounds=1 (" + bytes.length
                    + " bytes, base64 "
                    + Base64.getEncoder()
                            .encodeToString(Arrays.copyOf(bytes, Math.min(bytes.length, INPUT_SHOWN_BYTES)))
                    + ")";
        }
    }
}
