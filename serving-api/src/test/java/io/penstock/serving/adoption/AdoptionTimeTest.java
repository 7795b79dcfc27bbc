package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.PinnedVersions.Pinned;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdoptionTimeTest {
    private static final String ITEMS = "items.v1";
    private static final String LARGE = "large.v1";
    /** 128 chunks: two waves of reads. */
    private static final int LARGE_BITS = 20;

    private final ViewFixture server = new ViewFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void givesALoadingUpWhenItsTimeIsOverAndAdoptsTheOthers() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.publisher().publish(VersionDraft.of(LARGE).bits(LARGE_BITS).rows(2_000, "a"));
        long slow = 9; // seconds a wave of reads: never one that is overdue
        server.faults.always(Fault.SLOW, Operation.BLOB_READ);
        server.start();
        server.faults.release(); // the manifests, and what is small
        server.time.run();
        server.faults.release();
        server.time.run();
        long reads = server.faults.count(Operation.BLOB_READ);

        server.time.advance(Duration.ofSeconds(slow));
        assertThat(server.servedNumber(ITEMS)).isZero();
        server.time.advance(Duration.ofSeconds(60 - slow));

        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.servedNumber(LARGE)).isZero();
        assertThat(server.status(LARGE).problem())
                .startsWith("version 1 cannot be loaded: ")
                .endsWith("; look at the store");
        assertThat(server.views().failedAdoptions(server.status(LARGE).id())).isPositive();
        assertThat(server.views().failedAdoptions(server.status(ITEMS).id())).isZero();
        assertThat(reads).isPositive();

        server.faults.stop();
        server.time.advance(Duration.ofMinutes(2));
        assertThat(server.servedNumber(LARGE)).isEqualTo(1);
        assertThat(server.status(LARGE).problem()).isEmpty();
    }

    @Test
    void saysThatTheTimeIsOverWhenPresenceIsNeverWritten() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.faults.always(Fault.FROZEN, Operation.PRESENCE_PUT);
        server.start();
        server.time.advance(Duration.ofSeconds(59));
        assertThat(server.status(ITEMS).problem()).isEmpty();
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.status(ITEMS).problem())
                .isEqualTo("version 1 is not adopted: presence and the catalog could not be written and read within"
                        + " 60000 ms (catalog.adoption_time)");
        server.faults.stop();
        server.time.advance(Duration.ofMinutes(2));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
    }

    @Test
    void theFirstChunkThatCannotBeReadEndsTheLoading() {
        server.publisher().publish(VersionDraft.of(LARGE).bits(LARGE_BITS).rows(2_000, "a"));
        server.publisher().publish(VersionDraft.of(LARGE).rows(2_000, "b"));
        server.faults.once(Operation.BLOB_READ, Fault.SLOW); // the manifest
        server.faults.always(Fault.FROZEN, Operation.BLOB_READ);
        server.start();
        server.faults.release();
        server.time.run();
        long reads = server.faults.count(Operation.BLOB_READ);
        assertThat(reads).isEqualTo(1 + 64);
        server.time.advance(Duration.ofSeconds(10)); // the first wave is overdue
        assertThat(server.faults.count(Operation.BLOB_READ)).isEqualTo(reads);
        assertThat(server.status(LARGE).problem()).contains("was not answered by the store within 10000 ms");
    }

    @Test
    void aPinnedVersionThatIsNotLoadedInTimeIsUnreachable() {
        server.publisher().publish(VersionDraft.of(LARGE).bits(LARGE_BITS).rows(2_000, "a"));
        server.publisher().publish(VersionDraft.of(LARGE).rows(2_000, "b"));
        server.start();
        server.faults.always(Fault.FROZEN, Operation.BLOB_READ);
        assertThat(find(1).reason()).isEqualTo(Reason.REASON_VERSION_LOADING);
        server.time.advance(Duration.ofSeconds(10));
        assertThat(find(1).reason()).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        server.faults.stop();
        server.time.advance(Duration.ofSeconds(1));
        assertThat(find(1).reason()).isEqualTo(Reason.REASON_VERSION_LOADING);
        server.time.run();
        assertThat(find(1).view()).isNotNull();
    }

    @Test
    void aRollbackWaitsForNoOtherDataset() {
        server.publisher().publish(VersionDraft.of(LARGE).rows(20, "a"));
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.start();
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "b"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);

        server.faults.always(Fault.FROZEN, Operation.BLOB_READ);
        server.publisher().publish(VersionDraft.of(LARGE).rows(20, "b"));
        server.time.advance(Duration.ofSeconds(1));
        server.publisher().rollback(ITEMS);
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.servedNumber(LARGE)).isEqualTo(1);
        assertThat(server.status(ITEMS).problem()).isEmpty();

        server.faults.stop();
        server.time.advance(Duration.ofMinutes(2));
        assertThat(server.servedNumber(LARGE)).isEqualTo(2);
        assertThat(server.views().failedAdoptions(server.status(ITEMS).id())).isZero();
    }

    @Test
    void aRollbackToAVersionThatIsNotLoadedWaitsForNoOtherDataset() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.publisher().publish(VersionDraft.of(LARGE).rows(20, "a"));
        server.publisher().publish(VersionDraft.of(LARGE).rows(20, "b"));
        server.start();
        server.faults.once(Operation.BLOB_READ, Fault.FROZEN); // of ITEMS, the first in the catalog: its manifest
        server.faults.once(Operation.BLOB_READ, Fault.FROZEN); // and again
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "b"));
        server.time.advance(Duration.ofSeconds(1));
        server.publisher().rollback(LARGE);
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.servedNumber(LARGE)).isEqualTo(1);
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
    }

    @Test
    void writesOfTheCatalogDoNotStartARollbackThatLoadsAgain() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "b"));
        server.start();
        server.faults.always(Fault.FROZEN, Operation.BLOB_READ);
        server.publisher().rollback(ITEMS);
        server.time.advance(Duration.ofSeconds(1));
        long reads = server.faults.count(Operation.BLOB_READ);
        server.publisher().publish(VersionDraft.of(LARGE).rows(20, "a"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.faults.count(Operation.BLOB_READ)).isEqualTo(reads);
    }

    @Test
    void anErrorEndsTheAttemptAndIsTriedAgain() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.start();
        server.hotRows.before = () -> {
            throw new StackOverflowError("for the test");
        };
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "b"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.status(ITEMS).problem()).startsWith("version 2 is not adopted: a bug: ");
        server.hotRows.before = () -> {};
        server.time.advance(Duration.ofMinutes(2));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
    }

    @Test
    void aListenerThatThrowsLeavesNothingUnreported() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.start();
        var unused = server.views().holder().listen(view -> {
            throw new IllegalStateException("for the test");
        });
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "b"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
        assertThat(server.held(ITEMS).getServing())
                .isEqualTo(server.served(ITEMS).generation());
        assertThat(server.status(ITEMS).problem()).isEmpty();
    }

    @Test
    void samplesKeysAVersionHas() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.start();
        var keys = server.views().sampleKeys(server.served(ITEMS), 4);
        server.time.run();
        assertThat(keys).isCompleted();
        assertThat(keys.join()).isNotEmpty().doesNotHaveDuplicates().allMatch(key -> key.matches("k1?[0-9]"));
        server.faults.always(Fault.UNREACHABLE, Operation.BLOB_READ);
        keys = server.views().sampleKeys(server.served(ITEMS), 4);
        server.time.run();
        assertThat(keys.join()).isEmpty();
    }

    private Pinned find(long number) {
        return server.views().find(server.status(LARGE), number, server.time.nanoTime());
    }
}
