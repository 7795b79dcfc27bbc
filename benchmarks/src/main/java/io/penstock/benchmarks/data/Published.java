package io.penstock.benchmarks.data;

import io.penstock.publisher.PublicationReport;
import io.penstock.storage.v1.Manifest;
import java.util.Map;

/**
 * A publication of synthetic data, and what it took. Times of day are milliseconds since 1970, so that another process can
 * tell what happened meanwhile.
 *
 * @param seconds from the call to its return, adoption and collection included
 * @param secondsToCommit from the call to the moment the version was current
 * @param bytesWritten of the buckets that were written
 * @param blobBytesWritten of all blobs put, their addresses included
 */
public record Published(
        long version,
        long rows,
        long rowsUpdated,
        long buckets,
        long bucketsWritten,
        long bytes,
        long bytesWritten,
        long blobBytesWritten,
        long beganAtMillis,
        long committedAtMillis,
        long endedAtMillis,
        double seconds,
        double secondsToCommit,
        Map<String, Long> millisByStep) {

    static Published of(PublicationReport report, long blobBytes, Moments moments) {
        Manifest manifest = report.manifest();
        return new Published(
                manifest.getNumber(),
                manifest.getRows(),
                manifest.getRowsUpdated(),
                manifest.getBuckets(),
                manifest.getBucketsWritten(),
                manifest.getBytes(),
                manifest.getBytesWritten(),
                blobBytes,
                moments.beganAtMillis,
                moments.committedAtMillis,
                System.currentTimeMillis(),
                (System.nanoTime() - moments.beganNanos) / 1e9,
                (moments.committedNanos - moments.beganNanos) / 1e9,
                report.millisByStep());
    }

    /** When what happened. Written by the publishing thread. */
    static final class Moments {
        final long beganAtMillis = System.currentTimeMillis();
        final long beganNanos = System.nanoTime();
        long committedAtMillis;
        long committedNanos;

        void committed() {
            committedAtMillis = System.currentTimeMillis();
            committedNanos = System.nanoTime();
        }
    }
}
