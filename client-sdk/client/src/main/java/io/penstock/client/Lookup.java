package io.penstock.client;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer for one key, and the version it is from. Immutable.
 *
 * @param <T> what a value is read as
 */
public final class Lookup<T> {
    private final Outcome outcome;
    private final @Nullable T value;
    private final VersionStamp stamp;
    private final long generation;
    private final @Nullable PenstockException failure;

    Lookup(Outcome outcome, @Nullable T value, VersionStamp stamp, long generation) {
        this(outcome, value, stamp, generation, null);
    }

    /** A key of a batch that was not answered. */
    Lookup(VersionStamp stamp, PenstockException failure) {
        this(Outcome.FAILED, null, stamp, 0, failure);
    }

    private Lookup(
            Outcome outcome,
            @Nullable T value,
            VersionStamp stamp,
            long generation,
            @Nullable PenstockException failure) {
        this.outcome = outcome;
        this.value = value;
        this.stamp = stamp;
        this.generation = generation;
        this.failure = failure;
    }

    public Outcome outcome() {
        return outcome;
    }

    /**
     * The value if it was found; empty if the key is absent or its row expired.
     *
     * @throws PenstockException if the key was not answered: an unknown row must not pass for an absent one
     * @throws IllegalStateException if it is unchanged: the caller has the value
     */
    public Optional<T> value() {
        if (failure != null) {
            throw failure;
        }
        if (outcome == Outcome.UNCHANGED) {
            throw new IllegalStateException("value: UNCHANGED (expected: the caller takes the one it has)");
        }
        return Optional.ofNullable(value);
    }

    /** The version's number, a label for people. */
    public long version() {
        return stamp.version();
    }

    /** How often the dataset had moved when this version was adopted: what {@link ReadOptions#minRevision} compares. */
    public long revision() {
        return stamp.revision();
    }

    /** The warehouse's watermark: the data is complete up to here. */
    public Instant dataAsOf() {
        return stamp.dataAsOf();
    }

    /**
     * The generation of the key's bucket, 0 for an empty one or a failure: what a caller that keeps the value sends as
     * {@link ReadOptions#ifGeneration} later.
     */
    public long generation() {
        return generation;
    }

    /** Why the key was not answered; only with {@link Outcome#FAILED}. */
    public Optional<PenstockException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Outcome and version; never the value. */
    @Override
    public String toString() {
        return outcome + " in version " + version() + " (revision " + revision() + ")";
    }
}
