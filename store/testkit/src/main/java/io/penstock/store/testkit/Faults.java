package io.penstock.store.testkit;

import io.penstock.store.blob.BlobAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The control panel of one or several {@link FaultyStore}s: a test says here what goes wrong, and everything that does
 * follows from that and the seed. Thread-safe; a change counts for operations that begin after it.
 */
public final class Faults {
    // All guarded by this.
    private final Random random;
    private final Map<Operation, Deque<Fault>> next = new EnumMap<>(Operation.class);
    private final Map<Operation, Fault> always = new EnumMap<>(Operation.class);
    private final Map<Operation, Chance> chances = new EnumMap<>(Operation.class);
    private final Map<Operation, Runnable> hooks = new EnumMap<>(Operation.class);
    private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
    private final Set<BlobAddress> lost = new HashSet<>();
    private final Set<BlobAddress> lagging = new HashSet<>();
    private final Map<BlobAddress, Integer> corrupt = new HashMap<>();
    private List<Runnable> held = new ArrayList<>();

    public Faults() {
        this(0);
    }

    /** @param seed decides which bit flips and, with {@link #sometimes}, which operation is hit */
    public Faults(long seed) {
        random = new Random(seed);
    }

    /** The next operation of this kind is hit; several calls hit several, in the order of the calls. */
    public synchronized void once(Operation operation, Fault fault) {
        next.computeIfAbsent(operation, unused -> new ArrayDeque<>()).add(fault);
    }

    /** Every operation of these kinds is hit until {@link #stop}. */
    public synchronized void always(Fault fault, Operation... operations) {
        for (Operation operation : operations) {
            always.put(operation, fault);
        }
    }

    /** Each operation of this kind is hit with a probability until {@link #stop}. */
    public synchronized void sometimes(Operation operation, double probability, Fault fault) {
        chances.put(operation, new Chance(probability, fault));
    }

    /** The whole store is unreachable until {@link #stop}. */
    public void unreachable() {
        always(Fault.UNREACHABLE, Operation.values());
    }

    /** The whole store answers nothing until {@link #stop}, which lets everything held go on. */
    public void freeze() {
        always(Fault.FROZEN, Operation.values());
    }

    /** Ends what {@link #once}, {@link #always} and {@link #sometimes} began, and releases what is held. */
    public void stop() {
        synchronized (this) {
            next.clear();
            always.clear();
            chances.clear();
        }
        release();
    }

    /** Lets everything that was delayed, frozen or slow so far happen or be answered, in its order, on this thread. */
    public void release() {
        List<Runnable> released;
        synchronized (this) {
            released = held;
            held = new ArrayList<>();
        }
        released.forEach(Runnable::run);
    }

    /** How many operations wait for {@link #release}. */
    public synchronized int held() {
        return held.size();
    }

    /** Runs before each operation of this kind, on the thread that asks; it may block and it may throw. */
    public synchronized void before(Operation operation, Runnable hook) {
        hooks.put(operation, hook);
    }

    /** Ends what {@link #before} and {@link #block} began for this kind; does not open gates. */
    public synchronized void noHook(Operation operation) {
        hooks.remove(operation);
    }

    /** Blocks the next operation of this kind, on the thread that asks, until the gate is opened. */
    public Gate block(Operation operation) {
        Gate gate = new Gate();
        before(operation, () -> {
            noHook(operation);
            gate.pass();
        });
        return gate;
    }

    /** From now on the blob is not there, whoever asks. */
    public synchronized void lose(BlobAddress address) {
        lost.add(address);
    }

    /** From now on the nearest copy does not have the blob; a strong read does. */
    public synchronized void lag(BlobAddress address) {
        lagging.add(address);
    }

    /** From now on one bit of the blob, chosen by the seed, is wrong. */
    public synchronized void corrupt(BlobAddress address) {
        corrupt.put(address, random.nextInt(Integer.MAX_VALUE));
    }

    /** The blob is as it was written again. */
    public synchronized void heal(BlobAddress address) {
        lost.remove(address);
        lagging.remove(address);
        corrupt.remove(address);
    }

    /** How many operations of this kind have begun, those that failed included; for blobs, calls and not blobs. */
    public synchronized long count(Operation operation) {
        return counts.getOrDefault(operation, 0L);
    }

    /** Begins an operation: counts it, runs the hook, and says what is to go wrong, or null. */
    @Nullable
    Fault begin(Operation operation) {
        Runnable hook;
        synchronized (this) {
            counts.merge(operation, 1L, Long::sum);
            hook = hooks.get(operation);
        }
        if (hook != null) {
            hook.run();
        }
        synchronized (this) {
            Deque<Fault> queue = next.get(operation);
            if (queue != null && !queue.isEmpty()) {
                return queue.remove();
            }
            Fault standing = always.get(operation);
            if (standing != null) {
                return standing;
            }
            Chance chance = chances.get(operation);
            return chance != null && random.nextDouble() < chance.probability ? chance.fault : null;
        }
    }

    synchronized void hold(Runnable until) {
        held.add(until);
    }

    synchronized boolean isLost(BlobAddress address, boolean strong) {
        return lost.contains(address) || (!strong && lagging.contains(address));
    }

    /** Which bit of the blob's value, modulo its length, is wrong; −1 if none. */
    synchronized int wrongBit(BlobAddress address) {
        return corrupt.getOrDefault(address, -1);
    }

    private record Chance(double probability, Fault fault) {}

    /** Where one operation waits for the test. */
    public static final class Gate {
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        private Gate() {}

        /** Waits until the operation stands at the gate. */
        public void awaitArrival() {
            await(arrived, "an operation arrives at the gate");
        }

        public void open() {
            open.countDown();
        }

        private void pass() {
            arrived.countDown();
            await(open, "the gate is opened");
        }

        private static void await(CountDownLatch latch, String what) {
            try {
                if (!latch.await(Await.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                    throw new AssertionError("not within " + Await.LIMIT + ": " + what);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }
}
