package io.penstock.serving.metrics;

import io.penstock.serving.read.ReadMetrics;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;

/**
 * Counts what happens during the server's own warm-up apart, so that the figures of users have users' lookups alone. It
 * costs a volatile read a count; what is counted apart takes the same way, so that it is warm, too.
 */
public final class WarmupMetrics implements ReadMetrics {
    private final ReadMetrics users;
    private final ReadMetrics own;

    /** Written by those who begin and end the warm-up, read by the event loops. */
    private volatile boolean warming;

    /**
     * @param users counts lookups
     * @param own counts those of the warm-up; nobody looks at it
     */
    public WarmupMetrics(ReadMetrics users, ReadMetrics own) {
        this.users = users;
        this.own = own;
    }

    /** From now on lookups are the warm-up's, or are not. */
    public void warming(boolean newWarming) {
        warming = newWarming;
    }

    private ReadMetrics present() {
        return warming ? own : users;
    }

    @Override
    public ForDataset forDataset(DatasetId dataset) {
        return new OfDataset(users.forDataset(dataset), own.forDataset(dataset));
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
        private final ForDataset usersOfIt;
        private final ForDataset ownOfIt;

        OfDataset(ForDataset usersOfIt, ForDataset ownOfIt) {
            this.usersOfIt = usersOfIt;
            this.ownOfIt = ownOfIt;
        }

        private ForDataset present() {
            return warming ? ownOfIt : usersOfIt;
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
