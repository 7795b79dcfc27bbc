package io.penstock.client;

import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The answer for one key, and the version it is from. Immutable.
 *
 * <p>It is one of five, so that a caller who must tell them apart can do it by type, and the compiler sees whether all are
 * there: {@link Found}, {@link Absent}, {@link Expired}, {@link Unchanged} and {@link Failed}. Who only wants the value
 * asks {@link #value()} or {@link #orElseThrow()}, in which a failure is never an absence.
 *
 * @param <T> what a value is read as
 */
public abstract sealed class Lookup<T> {
    private final VersionStamp stamp;
    private final long generation;

    private Lookup(VersionStamp stamp, long generation) {
        this.stamp = stamp;
        this.generation = generation;
    }

    /** The same as the type of this answer, to be counted or switched on. */
    public abstract Outcome outcome();

    /**
     * The value if it was found; empty if the key is absent or its row expired.
     *
     * @throws PenstockException if the key was not answered: an unknown row must not pass for an absent one
     * @throws IllegalStateException if it is unchanged: the caller has the value
     */
    public Optional<T> value() {
        return Optional.empty();
    }

    /**
     * The value.
     *
     * @throws NoSuchElementException if the key is absent or its row expired
     * @throws PenstockException if the key was not answered
     * @throws IllegalStateException if it is unchanged: the caller has the value
     */
    public final T orElseThrow() {
        return value().orElseThrow(() -> new NoSuchElementException("value: " + this + " (expected: FOUND)"));
    }

    /** The version's number, a label for people. */
    public final long version() {
        return stamp.version();
    }

    /** How often the dataset had moved when this version was adopted: what {@link ReadOptions#minRevision} compares. */
    public final long revision() {
        return stamp.revision();
    }

    /** The warehouse's watermark: the data is complete up to here. */
    public final Instant dataAsOf() {
        return stamp.dataAsOf();
    }

    /**
     * The generation of the key's bucket, 0 for an empty one or a failure: what a caller that keeps the value sends as
     * {@link ReadOptions#ifGeneration} later.
     */
    public final long generation() {
        return generation;
    }

    /** Why the key was not answered; only of {@link Failed}. */
    public Optional<PenstockException> failure() {
        return Optional.empty();
    }

    /** Outcome and version; never the value. */
    @Override
    public final String toString() {
        return outcome() + " in version " + version() + " (revision " + revision() + ")";
    }

    /** There is a row. */
    public static final class Found<T> extends Lookup<T> {
        private final T row;

        Found(VersionStamp stamp, long generation, T row) {
            super(stamp, generation);
            this.row = row;
        }

        public T row() {
            return row;
        }

        @Override
        public Outcome outcome() {
            return Outcome.FOUND;
        }

        @Override
        public Optional<T> value() {
            return Optional.of(row);
        }
    }

    /** There is certainly no row. */
    public static final class Absent<T> extends Lookup<T> {
        Absent(VersionStamp stamp, long generation) {
            super(stamp, generation);
        }

        @Override
        public Outcome outcome() {
            return Outcome.ABSENT;
        }
    }

    /** There was a row, and its time is over. */
    public static final class Expired<T> extends Lookup<T> {
        Expired(VersionStamp stamp, long generation) {
            super(stamp, generation);
        }

        @Override
        public Outcome outcome() {
            return Outcome.EXPIRED;
        }
    }

    /** The row is what the caller has; see {@link ReadOptions#ifGeneration}. */
    public static final class Unchanged<T> extends Lookup<T> {
        Unchanged(VersionStamp stamp, long generation) {
            super(stamp, generation);
        }

        @Override
        public Outcome outcome() {
            return Outcome.UNCHANGED;
        }

        @Override
        public Optional<T> value() {
            throw new IllegalStateException("value: UNCHANGED (expected: the caller takes the one it has)");
        }
    }

    /** The key was not answered, while others of the same batch may have been. In a batch only. */
    public static final class Failed<T> extends Lookup<T> {
        private final PenstockException cause;

        Failed(VersionStamp stamp, PenstockException cause) {
            super(stamp, 0);
            this.cause = cause;
        }

        public PenstockException cause() {
            return cause;
        }

        @Override
        public Outcome outcome() {
            return Outcome.FAILED;
        }

        @Override
        public Optional<T> value() {
            throw cause;
        }

        @Override
        public Optional<PenstockException> failure() {
            return Optional.of(cause);
        }
    }
}
