package io.penstock.publisher.compare;

import io.penstock.storage.v1.Manifest;

/**
 * How two versions of a dataset differ, in figures.
 *
 * @param added rows that only the second one has
 * @param updated rows with another value or another time of expiry
 * @param removed rows that only the first one has
 * @param bucketsCompared pairs of buckets whose rows were read; all others were known to be the same without reading them
 */
public record ComparisonReport(
        Manifest before, Manifest after, long added, long updated, long removed, long bucketsCompared) {
    /** Rows that are the same in both. */
    public long unchanged() {
        return after.getRows() - added - updated;
    }
}
