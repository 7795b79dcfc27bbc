package io.penstock.store.testkit;

import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What several clients asked of one compare-and-set register and were told, and whether one register that does one thing at
 * a time could have told them that.
 *
 * <h2>The search</h2>
 *
 * An operation takes effect at one moment between its beginning and its end; one whose outcome is unknown takes effect at
 * any moment after its beginning, or never. The checker looks for an order of such moments, as Wing and Gong describe
 * ("Testing and Verifying Concurrent Objects", 1993): of the operations that no other one has to precede it takes one that
 * fits the register's value, and goes back when none fits. As Lowe adds ("Testing for linearizability", 2017), it never
 * looks twice at the same set of operations done with the same value.
 *
 * <p>Thread-safe while it records. Cheap as long as few operations overlap and few outcomes are unknown.
 */
final class RegisterHistory {
    private static final long NEVER_ENDED = Long.MAX_VALUE;

    /** Guarded by this. */
    private final List<Entry> entries = new ArrayList<>();

    /** @param seen what the register held; null for nothing */
    synchronized void read(long beganNanos, long endedNanos, @Nullable WriteId seen) {
        entries.add(new Entry(beganNanos, endedNanos, true, null, seen, CasResult.APPLIED));
    }

    synchronized void compareAndSet(
            long beganNanos, long endedNanos, @Nullable WriteId expected, WriteId fresh, CasResult result) {
        long ended = result == CasResult.UNKNOWN ? NEVER_ENDED : endedNanos;
        entries.add(new Entry(beganNanos, ended, false, expected, fresh, result));
    }

    /** Operations recorded so far. */
    synchronized int size() {
        return entries.size();
    }

    /** Empty if one register could have told all this; else the longest beginning it could have, and what cannot follow. */
    synchronized Optional<String> contradiction() {
        List<Entry> ordered = new ArrayList<>(entries);
        ordered.sort(Comparator.comparingLong(Entry::beganNanos));
        return new Search(ordered).run();
    }

    private record Entry(
            long beganNanos,
            long endedNanos,
            boolean isRead,
            @Nullable WriteId expected,
            @Nullable WriteId value,
            CasResult result) {
        boolean isCertain() {
            return endedNanos != NEVER_ENDED;
        }

        /** Whether it may take effect on a register that holds {@code present}. */
        boolean fits(@Nullable WriteId present) {
            if (isRead) {
                return Objects.equals(present, value);
            }
            boolean isExpected = Objects.equals(present, expected);
            return result == CasResult.CONFLICT ? !isExpected : isExpected;
        }

        @Nullable
        WriteId after(@Nullable WriteId present) {
            return isRead || result == CasResult.CONFLICT ? present : value;
        }

        @Override
        public String toString() {
            String what = isRead ? "read " + value : "compareAndSet " + expected + " -> " + value + " " + result;
            return "[" + beganNanos + " .. " + (isCertain() ? endedNanos : "?") + "] " + what;
        }
    }

    /** What has been done so far, and what the register holds then. */
    private record State(BitSet done, @Nullable WriteId present) {}

    /** One step of the search: what was done in it, and where to go on if what followed did not work out. */
    private static final class Step {
        private final @Nullable WriteId present;
        private int next;
        private int taken = -1;

        Step(@Nullable WriteId present) {
            this.present = present;
        }
    }

    private static final class Search {
        private final List<Entry> entries;
        private final Set<State> seen = new HashSet<>();
        private final BitSet done = new BitSet();
        private final int certain;
        private int certainDone;
        private int longest;
        private String longestState = "nothing";

        Search(List<Entry> entries) {
            this.entries = entries;
            this.certain = (int) entries.stream().filter(Entry::isCertain).count();
        }

        Optional<String> run() {
            List<Step> path = new ArrayList<>();
            path.add(new Step(null));
            while (!path.isEmpty()) {
                if (certainDone == certain) {
                    return Optional.empty();
                }
                Step step = path.get(path.size() - 1);
                undo(step);
                int candidate = candidate(step);
                if (candidate < 0) {
                    path.remove(path.size() - 1);
                    continue;
                }
                Entry entry = entries.get(candidate);
                step.taken = candidate;
                step.next = candidate + 1;
                done.set(candidate);
                certainDone += entry.isCertain() ? 1 : 0;
                WriteId after = entry.after(step.present);
                if (seen.add(new State((BitSet) done.clone(), after))) {
                    path.add(new Step(after));
                    remember(path.size(), after);
                }
            }
            return Optional.of("of " + entries.size() + " operations at most " + longest
                    + " can be put in order; after them the register holds " + longestState + "\n" + this);
        }

        private void undo(Step step) {
            if (step.taken >= 0) {
                done.clear(step.taken);
                certainDone -= entries.get(step.taken).isCertain() ? 1 : 0;
                step.taken = -1;
            }
        }

        /** The next operation that fits and began before any that is not done has ended; −1 if there is none. */
        private int candidate(Step step) {
            long firstEnd = NEVER_ENDED;
            for (int i = done.nextClearBit(0); i < entries.size(); i = done.nextClearBit(i + 1)) {
                Entry entry = entries.get(i);
                if (entry.beganNanos > firstEnd) {
                    return -1;
                }
                firstEnd = Math.min(firstEnd, entry.endedNanos);
                if (i >= step.next && entry.fits(step.present)) {
                    return i;
                }
            }
            return -1;
        }

        private void remember(int length, @Nullable WriteId present) {
            if (length - 1 > longest) {
                longest = length - 1;
                longestState = String.valueOf(present);
            }
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            entries.forEach(entry -> text.append(entry).append('\n'));
            return text.toString();
        }
    }
}
