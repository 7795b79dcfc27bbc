package io.penstock.store.cassandra.schema;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;

/**
 * How many copies must answer, which follows from the keyspace's replication: a write that was confirmed is found by every
 * strong read, in every data centre.
 *
 * @param write of blobs and catalogs: a quorum, of each data centre if there are several
 * @param strongRead of blobs, and of a catalog's write id for polling: a quorum of the data centre
 * @param shared of presence, which must not depend on every data centre: a quorum of all copies
 */
public record Levels(ConsistencyLevel write, ConsistencyLevel strongRead, ConsistencyLevel shared) {
    /** @param replication has copies in the data centre that this process is in */
    static Levels of(Replication replication) {
        boolean isSpread = replication.copies().size() > 1;
        return new Levels(
                isSpread ? DefaultConsistencyLevel.EACH_QUORUM : DefaultConsistencyLevel.QUORUM,
                isSpread ? DefaultConsistencyLevel.LOCAL_QUORUM : DefaultConsistencyLevel.QUORUM,
                DefaultConsistencyLevel.QUORUM);
    }
}
