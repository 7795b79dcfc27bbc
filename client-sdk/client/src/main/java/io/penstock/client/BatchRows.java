package io.penstock.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answers for the keys of one dataset, all from one version; or why there are none. Immutable.
 *
 * @param <T> what values are read as
 */
public final class BatchRows<T> {
    private final List<Lookup<T>> lookups;
    private final @Nullable VersionStamp stamp;
    private final @Nullable PenstockException failure;

    BatchRows(List<Lookup<T>> lookups, VersionStamp stamp) {
        this.lookups = List.copyOf(lookups);
        this.stamp = stamp;
        this.failure = null;
    }

    BatchRows(PenstockException failure) {
        this.lookups = List.of();
        this.stamp = null;
        this.failure = failure;
    }

    /** Why the dataset as a whole was not answered; single keys may have failed all the same. */
    public Optional<PenstockException> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * One a key, in the order of the keys.
     *
     * @throws PenstockException if the dataset as a whole was not answered
     */
    public List<Lookup<T>> lookups() {
        stamp();
        return lookups;
    }

    /**
     * The version's number, a label for people.
     *
     * @throws PenstockException if the dataset as a whole was not answered
     */
    public long version() {
        return stamp().version();
    }

    /**
     * How often the dataset had moved when this version was adopted.
     *
     * @throws PenstockException if the dataset as a whole was not answered
     */
    public long revision() {
        return stamp().revision();
    }

    /**
     * The warehouse's watermark: the data is complete up to here.
     *
     * @throws PenstockException if the dataset as a whole was not answered
     */
    public Instant dataAsOf() {
        return stamp().dataAsOf();
    }

    BatchRows<T> orThrow() {
        stamp();
        return this;
    }

    private VersionStamp stamp() {
        if (stamp == null) {
            throw failure == null ? new IllegalStateException("neither rows nor a failure") : failure;
        }
        return stamp;
    }
}
