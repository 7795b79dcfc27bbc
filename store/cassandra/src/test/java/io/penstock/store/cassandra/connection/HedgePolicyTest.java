package io.penstock.store.cassandra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import org.junit.jupiter.api.Test;

class HedgePolicyTest {
    private static final SimpleStatement READ = SimpleStatement.newInstance("SELECT");

    private final HedgePolicy policy = new HedgePolicy(20);

    @Test
    void hedgesOnceAfterTheDelay() {
        assertThat(next(1)).isEqualTo(20);
        assertThat(next(2)).isNegative();
    }

    @Test
    void hedgesAtMostOneReadInTenInTheLongRun() {
        int reads = 100_000;
        int hedges = 0;
        for (int i = 0; i < reads; i++) {
            if (next(1) >= 0) {
                next(2); // every read is slow
                hedges++;
            }
        }
        assertThat(hedges).isBetween(reads / 10, reads / 10 + HedgePolicy.BURST + 1);
    }

    @SuppressWarnings("NullAway") // the policy does not look at the node
    private long next(int running) {
        Node node = null;
        return policy.nextExecution(node, null, READ, running);
    }
}
