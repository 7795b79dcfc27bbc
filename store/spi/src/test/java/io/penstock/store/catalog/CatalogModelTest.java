package io.penstock.store.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.catalog.CatalogModel.Bounds;
import org.junit.jupiter.api.Test;

/**
 * Runs the explicit-state model of the catalog. The larger bounds, with two servers and two collectors, take many minutes: {@code mvn -pl store/spi -am test -Dtest=CatalogModelTest
 * -Dsurefire.failIfNoSpecifiedTests=false -DargLine=-Xmx12g -Dpenstock.model=large}.
 */
class CatalogModelTest {
    private static final boolean LARGE = "large".equals(System.getProperty("penstock.model"));

    @Test
    void noInterleavingOfPublishersBreaksAPromise() {
        check(Bounds.of(b -> {
            b.publishers = 2;
            b.servers = 1;
            b.collectors = 1;
        }));
    }

    @Test
    void aRollbackInTheMiddleBreaksNoPromise() {
        check(Bounds.of(b -> {
            b.publishers = 1;
            b.servers = 1;
            b.collectors = 1;
            b.rollback = true;
        }));
    }

    @Test
    void aPurgeInTheMiddleBreaksNoPromise() {
        check(Bounds.of(b -> {
            b.publishers = 1;
            b.servers = 1;
            b.collectors = 1;
            b.purge = true;
            b.crashes = 1;
            b.lostReplies = 1;
        }));
    }

    @Test
    void lostAndDelayedRepliesBreakNoPromise() {
        check(Bounds.of(b -> {
            b.publishers = 2;
            b.collectors = 1;
            b.lostReplies = 1;
            b.delayedWrites = 1;
        }));
    }

    @Test
    void deadAndPausedPublishersBreakNoPromise() {
        check(Bounds.of(b -> {
            b.publishers = 2;
            b.collectors = 1;
            b.crashes = 1;
            b.pauses = 1;
        }));
    }

    @Test
    void twoCollectorsBreakNoPromise() {
        check(Bounds.of(b -> {
            b.publishers = 1;
            b.servers = 1;
            b.collectors = 2;
            b.crashes = 1;
        }));
    }

    @Test
    void aFailoverThatLosesTheLastWriteIsDetectedAsAFork() {
        check(Bounds.of(b -> {
            b.publishers = 2;
            b.servers = 2;
            b.failovers = 1;
        }));
    }

    @Test
    void everythingAtOnceBreaksNoPromise() {
        if (LARGE) {
            check(Bounds.of(b -> {
                b.publishers = 2;
                b.servers = 2;
                b.collectors = 2;
                b.rollback = true;
                b.crashes = 1;
                b.pauses = 1;
                b.lostReplies = 1;
                b.delayedWrites = 1;
                b.statesMax = 20_000_000;
            }));
        } else {
            check(Bounds.of(b -> {
                b.publishers = 2;
                b.servers = 1;
                b.collectors = 1;
                b.rollback = true;
                b.crashes = 1;
                b.lostReplies = 1;
                b.statesMax = 60_000;
            }));
        }
    }

    @Test
    void theModelFindsACollectorThatForgetsToAskWhoHoldsAVersion() {
        CatalogModel.Result result = CatalogModel.explore(Bounds.of(b -> {
            b.publishers = 1;
            b.servers = 1;
            b.collectors = 1;
            b.mutation = CatalogModel.Mutation.COLLECTOR_IGNORES_PRESENCE;
        }));
        assertThat(result.violation()).contains("a server's version lost a blob");
    }

    @Test
    void theModelFindsAServerThatLoadsWithoutLookingAgain() {
        CatalogModel.Result result = CatalogModel.explore(Bounds.of(b -> {
            b.publishers = 2;
            b.servers = 1;
            b.collectors = 1;
            b.mutation = CatalogModel.Mutation.SERVER_LOADS_WITHOUT_SECOND_READ;
        }));
        assertThat(result.violation()).contains("a server's version lost a blob");
    }

    @Test
    void theModelFindsASweepThatForgetsAPublisherThatCanStillWrite() {
        CatalogModel.Result result = CatalogModel.explore(Bounds.of(b -> {
            b.publishers = 2;
            b.collectors = 1;
            b.pauses = 1;
            b.mutation = CatalogModel.Mutation.SWEEP_FORGETS_AT_ONCE;
        }));
        assertThat(result.violation()).contains("blobs nobody names are left");
    }

    private static void check(Bounds bounds) {
        CatalogModel.Result result = CatalogModel.explore(bounds);
        System.out.println("catalog model: " + result.states() + " states, " + result.finished() + " runs ended");
        assertThat(result.violation()).isEmpty();
        assertThat(result.finished()).as("runs that ended").isPositive();
    }
}
