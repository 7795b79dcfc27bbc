package io.penstock.serving.read;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one loop, met within about a millisecond and never early. Nearly all of them are taken out again before
 * they are due, so putting one in and taking it out touches two neighbours and nothing else; a timer is armed only for
 * the earliest. Confined to the loop; hot.
 *
 * <p>A ring of lists, one a tick; a deadline further away than the ring is long stays in its list for another round.
 */
final class DeadlineWheel {
    private static final int TICK_NANOS_BITS = 19;
    private static final int SLOTS = 1 << 11;
    private static final long UNARMED = Long.MAX_VALUE;

    private final LoopTimer timer;
    private final LongSupplier nanoClock;
    private final long origin;
    private final Runnable turn = this::turn;
    private final Head[] slots = new Head[SLOTS];
    private final Head due = new Head();

    private int size;
    private long doneTick;
    private long armedTick = UNARMED;
    private LoopTimer.@Nullable Timeout armed;

    DeadlineWheel(LoopTimer timer, LongSupplier nanoClock) {
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.origin = nanoClock.getAsLong();
        Arrays.setAll(slots, i -> new Head());
    }

    /** Puts a deadline in that is in no wheel. */
    void add(Deadline deadline, long atNanos) {
        long tick = Math.max(tickOf(atNanos) + 1, doneTick + 1); // the tick after: never early
        deadline.tick = tick;
        slots[(int) tick & (SLOTS - 1)].link(deadline);
        size++;
        if (tick < armedTick) {
            arm(tick);
        }
    }

    /** Takes a deadline out; does nothing if it is not in. */
    void remove(Deadline deadline) {
        if (deadline.isInWheel()) {
            Head.unlink(deadline);
            size--;
        }
    }

    int size() {
        return size;
    }

    /** Lets all of them expire. */
    void expireAll() {
        for (Head slot : slots) {
            slot.moveTo(due, Long.MAX_VALUE);
        }
        expireDue();
    }

    private void turn() {
        armed = null;
        armedTick = UNARMED;
        long nowTick = tickOf(nanoClock.getAsLong());
        long first = Math.max(doneTick + 1, nowTick - SLOTS + 1);
        for (long tick = first; tick <= nowTick; tick++) {
            slots[(int) tick & (SLOTS - 1)].moveTo(due, nowTick);
        }
        doneTick = Math.max(doneTick, nowTick);
        expireDue();
        armNext();
    }

    private void expireDue() {
        for (Deadline deadline = due.first(); deadline != null; deadline = due.first()) {
            remove(deadline);
            deadline.expired();
        }
    }

    private void armNext() {
        if (size == 0) {
            return;
        }
        for (long tick = doneTick + 1; tick < armedTick; tick++) {
            if (slots[(int) tick & (SLOTS - 1)].first() != null) {
                arm(tick);
                return;
            }
        }
    }

    private void arm(long tick) {
        if (armed != null) {
            armed.cancel();
        }
        armedTick = tick;
        long delayNanos = origin + (tick << TICK_NANOS_BITS) - nanoClock.getAsLong();
        armed = timer.schedule(turn, Math.max(1, delayNanos));
    }

    private long tickOf(long nanos) {
        return (nanos - origin) >> TICK_NANOS_BITS;
    }

    /** A ring of deadlines with itself as both ends. */
    private static final class Head extends Deadline {
        Head() {
            previous = this;
            next = this;
        }

        void link(Deadline deadline) {
            Deadline last = Objects.requireNonNull(previous);
            deadline.previous = last;
            deadline.next = this;
            last.next = deadline;
            previous = deadline;
        }

        static void unlink(Deadline deadline) {
            Deadline before = Objects.requireNonNull(deadline.previous);
            Deadline after = Objects.requireNonNull(deadline.next);
            before.next = after;
            after.previous = before;
            deadline.previous = null;
            deadline.next = null;
        }

        @Nullable
        Deadline first() {
            return next == this ? null : next;
        }

        /** Moves those that are due at {@code nowTick} and leaves those of later rounds. */
        void moveTo(Head other, long nowTick) {
            Deadline deadline = Objects.requireNonNull(next);
            while (deadline != this) {
                Deadline after = Objects.requireNonNull(deadline.next);
                if (deadline.tick <= nowTick) {
                    unlink(deadline);
                    other.link(deadline);
                }
                deadline = after;
            }
        }

        @Override
        void expired() {
            throw new AssertionError("the head of a list is never due");
        }
    }
}
