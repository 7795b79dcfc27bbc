package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A scan of every row must not take the popular rows out of the near cache. */
class ScanBehaviourTest {
    private static final int ROWS = 10_000;
    private static final int CACHED_ROWS = 1_000;
    private static final int READS = 40_000;

    private final Hits hits = new Hits();
    private final SplittableRandom random = new SplittableRandom(9);
    private final double[] upTo = zipf();

    @Test
    void aFullScanCostsPopularRowsNoMoreThanATenthOfTheirHits() {
        try (ReadRig rig = new ReadRig(ReadLimits.DEFAULT, CACHED_ROWS * 190L, hits, true)) {
            rig.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(ROWS, "one"));
            rig.adopt();
            popular(rig, READS, 0);
            double before = popular(rig, READS, 0);
            double during = popular(rig, READS, READS / ROWS);
            assertThat(before).isGreaterThan(0.5);
            assertThat(during).isGreaterThanOrEqualTo(0.9 * before);
        }
    }

    /** Reads by popularity, with one read of a scan after so many if that is not 0; the share of hits of the former. */
    private double popular(ReadRig rig, int reads, int aScanReadAfter) {
        long found = 0;
        int scanned = 0;
        for (int i = 0; i < reads; i++) {
            long before = hits.count;
            rig.get("k" + rank());
            found += hits.count - before;
            if (aScanReadAfter > 0 && i % aScanReadAfter == 0) {
                rig.get("k" + scanned++);
            }
            rig.turn();
        }
        return (double) found / reads;
    }

    private int rank() {
        int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[ROWS - 1]);
        return at < 0 ? -at - 1 : at;
    }

    private static double[] zipf() {
        double[] sums = new double[ROWS];
        double sum = 0;
        for (int i = 0; i < ROWS; i++) {
            sum += Math.pow(i + 1, -0.99);
            sums[i] = sum;
        }
        return sums;
    }

    private static final class Hits implements ReadMetrics, ReadMetrics.ForDataset {
        private long count;

        @Override
        public ForDataset forDataset(DatasetId dataset) {
            return this;
        }

        @Override
        public void getFailed(Reason reason, long nanos) {}

        @Override
        public void cacheHits(int keys) {
            count += keys;
        }
    }
}
