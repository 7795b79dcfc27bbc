package io.penstock.store.cassandra.connection;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.specex.SpeculativeExecutionPolicy;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks a second node when the first has not answered for a while, for at most a tenth of the reads, so that a cluster that
 * is slow as a whole is not given more to do. Made by the driver, which is given its name.
 */
public final class HedgePolicy implements SpeculativeExecutionPolicy {
    /** One hedge for so many reads. */
    static final int READS_PER_HEDGE = 10;

    /** Hedges that may be made at once after a quiet time. */
    static final int BURST = 100;

    private static final int NEVER = -1;

    private final long delayMillis;

    /** Reads that may still be paid with: one a read, {@link #READS_PER_HEDGE} less a hedge. */
    private final AtomicLong credit = new AtomicLong((long) BURST * READS_PER_HEDGE);

    public HedgePolicy(DriverContext context, String profile) {
        this(context.getConfig()
                .getProfile(profile)
                .getDuration(DefaultDriverOption.SPECULATIVE_EXECUTION_DELAY)
                .toMillis());
    }

    HedgePolicy(long delayMillis) {
        this.delayMillis = delayMillis;
    }

    /**
     * Asked when a read begins, with one execution, and again when a hedge has begun, with two.
     *
     * @return milliseconds to the next execution; negative: there is none
     */
    @Override
    public long nextExecution(Node node, @Nullable CqlIdentifier keyspace, Request request, int running) {
        if (running > 1) {
            credit.addAndGet(-READS_PER_HEDGE);
            return NEVER;
        }
        long now = credit.get();
        if (now < (long) BURST * READS_PER_HEDGE) {
            now = credit.incrementAndGet();
        }
        return now >= READS_PER_HEDGE ? delayMillis : NEVER;
    }

    @Override
    public void close() {}
}
