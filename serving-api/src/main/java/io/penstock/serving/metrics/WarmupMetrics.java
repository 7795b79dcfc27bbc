package io.penstock.serving.metrics;

import io.penstock.serving.read.ReadMetrics;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;

/**
 * Counts what happens during the server's own warm-up apart, so that the figures of users have users' lookups alone. It
 * costs a volatile read a count. Which of the two counts is an index, not a branch: of a branch that the warm-up never took
 * the compiler leaves out the other side, and would throw its code away at the first user's call.
 */
public final class WarmupMetrics implements ReadMetrics {
    private static final int USERS = 0;
    private static final int OWN = 1;

    private final ReadMetrics[] both;

    /** Written by those who begin and end the warm-up, read by the event loops. */
    private volatile int present = USERS;

    /**
     * @param users counts lookups
     * @param own counts those of the warm-up; nobody looks at it
     */
    public WarmupMetrics(ReadMetrics users, ReadMetrics own) {
        this.both = new ReadMetrics[] {users, own};
    }

    /** From now on lookups are the warm-up's, or are not. */
    public void warming(boolean newWarming) {
        present = newWarming ? OWN : USERS;
    }

    private ReadMetrics present() {
        return both[present];
    }

    @Override
    public ForDataset forDataset(DatasetId dataset) {
        return new OfDataset(both[USERS].forDataset(dataset), both[OWN].forDataset(dataset));
    }

    @Override
    public void getFailed(Reason reason, long nanos) {
        present().getFailed(reason, nanos);
    }

    @Override
    public void batchAnswered(int keys, long nanos) {
        present().batchAnswered(keys, nanos);
    }

    @Override
    public void batchFailed(Reason reason, long nanos) {
        present().batchFailed(reason, nanos);
    }

    @Override
    public void pending(int reads, int fetches) {
        present().pending(reads, fetches);
    }

    @Override
    public void overdue(long lateNanos) {
        present().overdue(lateNanos);
    }

    private final class OfDataset implements ForDataset {
        private final ForDataset[] bothOfIt;

        OfDataset(ForDataset usersOfIt, ForDataset ownOfIt) {
            this.bothOfIt = new ForDataset[] {usersOfIt, ownOfIt};
        }

        private ForDataset present() {
            return bothOfIt[WarmupMetrics.this.present];
        }

        @Override
        public void getAnswered(Outcome outcome, long nanos) {
            present().getAnswered(outcome, nanos);
        }

        @Override
        public void getFailed(Reason reason, long nanos) {
            present().getFailed(reason, nanos);
        }

        @Override
        public void batchRows(Outcome outcome, Reason reason, int rows) {
            present().batchRows(outcome, reason, rows);
        }

        @Override
        public void cacheHits(int keys) {
            present().cacheHits(keys);
        }

        @Override
        public void cacheMisses(int keys) {
            present().cacheMisses(keys);
        }

        @Override
        public void fetched(int bytes, long nanos) {
            present().fetched(bytes, nanos);
        }

        @Override
        public void fetchFailed() {
            present().fetchFailed();
        }

        @Override
        public void secondLook(Reason reason, boolean confirmed) {
            present().secondLook(reason, confirmed);
        }
    }
}
