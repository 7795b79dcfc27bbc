package io.penstock.store.cassandra.schema;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;

/**
 * How many copies must answer, which follows from the keyspace's replication: a write that was confirmed is found by every
 * strong read, in every data centre.
 *
 * @param write of blobs and catalogs: a quorum, of each data centre if there are several
 * @param strongRead of blobs, and of a catalog's write id for polling: a quorum of the nearest data centre that has copies
 * @param shared of presence, which must not depend on every data centre: a quorum of all copies
 */
public record Levels(ConsistencyLevel write, ConsistencyLevel strongRead, ConsistencyLevel shared) {
    /** @param dataCentre the one this process is in */
    static Levels of(Replication replication, String dataCentre) {
        boolean isSpread = replication.copies().size() > 1;
        boolean isLocal = isSpread && replication.copies().containsKey(dataCentre);
        return new Levels(
                isSpread ? DefaultConsistencyLevel.EACH_QUORUM : DefaultConsistencyLevel.QUORUM,
                isLocal ? DefaultConsistencyLevel.LOCAL_QUORUM : DefaultConsistencyLevel.QUORUM,
                DefaultConsistencyLevel.QUORUM);
    }
}
