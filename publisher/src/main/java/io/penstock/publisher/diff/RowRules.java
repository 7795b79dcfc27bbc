package io.penstock.publisher.diff;

import io.penstock.publisher.RowMark;
import io.penstock.publisher.erase.ErasedKeys;
import io.penstock.publisher.write.RowLimits;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a row of the source makes of the row that has its key, by the publication's mode, and what becomes of a row about
 * which the source says nothing. See {@code docs/publish-path.md}.
 */
public final class RowRules {
    /** A row that has been over for less is kept, in case it was the publisher's clock that ran ahead. */
    private static final Duration EXPIRED_KEPT = Duration.ofDays(1);

    private final Mode mode;
    private final ErasedKeys erased;
    private final RowLimits limits;
    private final long nowMillis;
    private final long runExpiresAtMillis;
    private final long renewedFromMillis;
    private final long othersExpireAtMillis;

    /**
     * The rules of one publication.
     *
     * @param startedAt when its read began
     * @param erased keys that no version has any more
     * @param expiresAfter how long a row lives that an upsert or a delta writes; empty = as long as its version
     * @param othersExpireAt when rows of the version before that have no expiry of their own stop being readable; empty =
     *     never
     */
    public RowRules(
            Mode mode,
            Instant startedAt,
            ErasedKeys erased,
            Optional<Duration> expiresAfter,
            Optional<Instant> othersExpireAt,
            RowLimits limits) {
        this.mode = mode;
        this.erased = erased;
        this.limits = limits;
        this.nowMillis = startedAt.toEpochMilli();
        this.runExpiresAtMillis = mode == Mode.MODE_SNAPSHOT
                ? RowMark.NEVER
                : expiresAfter
                        .map(after -> startedAt.plus(after).toEpochMilli())
                        .orElse(RowMark.NEVER);
        this.renewedFromMillis = expiresAfter
                .map(after -> startedAt.plus(after.dividedBy(2)).toEpochMilli())
                .orElse(RowMark.NEVER);
        this.othersExpireAtMillis = othersExpireAt.map(Instant::toEpochMilli).orElse(RowMark.NEVER);
    }

    /** Whether keys about which the source says nothing stay. */
    public boolean keepsOthers() {
        return mode != Mode.MODE_SNAPSHOT;
    }

    RowLimits limits() {
        return limits;
    }

    /** A row's mark with the expiry it gets from this run, if its own is not earlier. */
    public RowMark written(RowMark mark) {
        return mark.expiringBy(runExpiresAtMillis);
    }

    /** The row from now on: {@code old} itself if nothing changed, null if there is none. */
    @Nullable
    Row apply(@Nullable Row old, SourceRow source) {
        switch (source.mark().operation()) {
            case DELETE -> {
                return null;
            }
            case INSERT -> {
                if (old != null && !old.getValue().equals(source.value()) && !isOver(old, 0)) {
                    throw limits.insertOfPresent(source.key().toByteArray(), source.number());
                }
            }
            case UPSERT -> {}
        }
        Row row = source.toRow();
        return old != null && (old.equals(row) || isRenewedEarlyEnough(old, source)) ? old : row;
    }

    /** The same value written again renews a row only once half of its life is over, as it is with versions. */
    private boolean isRenewedEarlyEnough(Row old, SourceRow source) {
        return runExpiresAtMillis != RowMark.NEVER
                && source.mark().expiresAtMillis() == runExpiresAtMillis
                && old.hasExpiresAt()
                && old.getExpiresAt() >= renewedFromMillis
                && old.getExpiresAt() <= runExpiresAtMillis
                && old.getValue().equals(source.value());
    }

    /** Whether a row that nobody writes anew is left out of a bucket that is written anyway. */
    boolean isLeftOut(Row old) {
        return keepsOthers()
                && (isOver(old, EXPIRED_KEPT.toMillis())
                        || erased.contains(old.getKey().toByteArray()));
    }

    private boolean isOver(Row row, long sinceMillis) {
        return nowMillis - sinceMillis >= (row.hasExpiresAt() ? row.getExpiresAt() : othersExpireAtMillis);
    }
}
