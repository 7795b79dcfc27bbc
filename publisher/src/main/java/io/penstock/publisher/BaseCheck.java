package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.diff.Parent;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.store.DatasetId;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a delta begins where the version before ends. One that was applied already is let through, so that it can be
 * run again: applied twice it must change nothing.
 */
record BaseCheck(DatasetId dataset, Parent parent, DeltaBase base, boolean appliedAlready) {
    /**
     * Compares.
     *
     * @param dataAsOf what the delta declares
     * @throws PublisherException {@code BASE_MISMATCH}
     */
    static BaseCheck require(DatasetId dataset, Parent parent, DeltaBase base, Optional<Instant> dataAsOf) {
        Manifest before = parent.manifest();
        if (before == null) {
            if (base.dataAsOf() != null) {
                throw refused(
                        dataset,
                        "base is " + base
                                + ", but nothing was published yet (expected: none, or a snapshot before it)");
            }
            return new BaseCheck(dataset, parent, base, false);
        }
        Instant dataAsOfBefore = Times.instant(before.getDataAsOf());
        if (dataAsOfBefore.equals(base.dataAsOf())) {
            return new BaseCheck(dataset, parent, base, false);
        }
        boolean appliedAlready = before.getMode() == Mode.MODE_DELTA
                && dataAsOf.map(dataAsOfBefore::equals).orElse(false)
                && !before.getDataAsOfAssumed()
                && base.equals(baseOf(before));
        if (!appliedAlready) {
            throw refused(
                    dataset,
                    "base is " + base + ", but version " + before.getNumber()
                            + ", which is current, has the data_as_of " + dataAsOfBefore + " (expected: the same)");
        }
        return new BaseCheck(dataset, parent, base, true);
    }

    private static DeltaBase baseOf(Manifest delta) {
        return delta.hasBase() ? new DeltaBase(Times.instant(delta.getBase())) : DeltaBase.NONE;
    }

    /** Refuses a delta that was applied already and is not the same any more. */
    void requireSame(boolean noRowChanged) {
        if (appliedAlready && !noRowChanged) {
            throw refused(
                    dataset,
                    "base is " + base
                            + " and its data_as_of that of the current version, so it was applied already, but its"
                            + " rows are not the same any more (expected: the same rows, or the current data_as_of as base)");
        }
    }

    private static PublisherException refused(DatasetId dataset, String what) {
        return new PublisherException(
                Category.REFUSED, "BASE_MISMATCH", dataset + ": not published: the delta's " + what);
    }
}
