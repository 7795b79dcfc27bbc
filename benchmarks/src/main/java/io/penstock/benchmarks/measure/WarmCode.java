package io.penstock.benchmarks.measure;

import io.penstock.benchmarks.process.CompilerTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Loads that are not measured, until the compilers of the servers and of this process, which drives them, have nearly nothing
 * left to do. On two cores a thread that compiles is one that others are queued behind for milliseconds.
 */
public final class WarmCode {
    private static final Duration SLICE = Duration.ofSeconds(2);
    private static final int SLICES_MAX = 30;

    /** They are quiet for so long. */
    private static final int QUIET_SLICES = 3;

    /** Of one core. */
    private static final double QUIET_SHARE = 0.02;

    private WarmCode() {}

    /** Something that is done for as long as it is told. */
    @FunctionalInterface
    public interface Work {
        void goOn(Duration span) throws InterruptedException;
    }

    /**
     * Works until the compilers are quiet, a minute at most.
     *
     * @param pids of the servers
     */
    public static void await(Session session, List<Long> pids, Work work) throws InterruptedException {
        if (session.effort().isQuick()) {
            work.goOn(session.effort().warmUp());
            return;
        }
        List<Long> all = new ArrayList<>(pids);
        all.add(ProcessHandle.current().pid());
        Supplier<Duration> compilerTime = () -> CompilerTime.of(all);
        Warmed warmed = work(work, compilerTime);
        String time = warmed.slices * SLICE.toSeconds() + " s";
        if (compilerTime.get().isZero()) {
            session.progress("what the compilers do is not known here; worked for " + time);
        } else {
            session.progress(
                    warmed.isQuiet
                            ? "the compilers were quiet after " + time
                            : "the compilers still have something to do after " + time);
        }
    }

    /** How many slices of work it took, and whether they were enough. */
    record Warmed(int slices, boolean isQuiet) {}

    /** Works in slices; {@code compilerTime} is what the compilers have taken so far. */
    static Warmed work(Work work, Supplier<Duration> compilerTime) throws InterruptedException {
        int quiet = 0;
        int slices = 0;
        Duration before = compilerTime.get();
        while (quiet < QUIET_SLICES && slices < SLICES_MAX) {
            work.goOn(SLICE);
            slices++;
            Duration now = compilerTime.get();
            quiet = now.minus(before).toNanos() <= QUIET_SHARE * SLICE.toNanos() ? quiet + 1 : 0;
            before = now;
        }
        return new Warmed(slices, quiet == QUIET_SLICES);
    }
}
