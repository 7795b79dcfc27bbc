package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HeldVersion;
import io.penstock.serving.view.PinnedVersions.Pinned;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PinnedVersionsTest {
    private static final String ITEMS = "items.v1";

    private final ViewFixture server = new ViewFixture();
    private final List<Long> generations = new ArrayList<>();

    @BeforeEach
    void publishFiveVersions() {
        for (int i = 1; i <= 5; i++) {
            generations.add(server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "" + i)));
        }
        server.start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void loadsAVersionThatARequestNames() {
        assertThat(find(2).reason()).isEqualTo(Reason.REASON_VERSION_LOADING);
        server.time.run();
        DatasetView pinned = Objects.requireNonNull(find(2).view());
        assertThat(pinned.generation()).isEqualTo(generations.get(1));
        assertThat(pinned.revision()).isEqualTo(2);
        assertThat(server.servedNumber(ITEMS)).isEqualTo(5);
        assertThat(server.held(ITEMS).getHeldList()).containsExactlyInAnyOrder(generations.get(1), generations.get(4));
    }

    @Test
    void namesItInPresenceBeforeItReadsIt() {
        List<Boolean> named = new ArrayList<>();
        server.faults.before(
                Operation.BLOB_READ,
                () -> named.add(server.held(ITEMS).getHeldList().contains(generations.get(1))));
        load(2);
        assertThat(named).isNotEmpty().doesNotContain(false);
    }

    @Test
    void findsTheServedAndThePreviousVersionWithoutLoading() {
        assertThat(Objects.requireNonNull(find(5).view()).number()).isEqualTo(5);
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "6"));
        server.time.advance(Duration.ofSeconds(1));
        long reads = server.faults.count(Operation.BLOB_READ);
        assertThat(Objects.requireNonNull(find(5).view()).number()).isEqualTo(5);
        server.time.run();
        assertThat(server.faults.count(Operation.BLOB_READ)).isEqualTo(reads);
    }

    @Test
    void givesTheLeastRecentlyUsedUpForAThird() {
        load(1);
        load(2);
        server.time.advance(Duration.ofSeconds(1));
        var unused = find(1);
        load(3);
        assertThat(heldNumbers()).containsExactlyInAnyOrder(1L, 3L);
        assertThat(server.held(ITEMS).getHeldList()).doesNotContain(generations.get(1));
    }

    @Test
    void thePreviousVersionDoesNotCountAsPinned() {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "6"));
        server.time.advance(Duration.ofSeconds(1));
        load(1);
        load(2);
        assertThat(heldNumbers()).containsExactlyInAnyOrder(5L, 1L, 2L);
    }

    @Test
    void letsGoOfARetiredVersion() {
        load(1);
        server.publisher().retire(ITEMS, 3);
        server.time.advance(Duration.ofSeconds(1));
        assertThat(find(1).reason()).isEqualTo(Reason.REASON_VERSION_RETIRED);
        assertThat(server.held(ITEMS).getHeldList()).containsExactly(generations.get(4));
        server.publisher().collect(ITEMS);
        server.time.advance(Duration.ofSeconds(1));
        assertThat(find(1).reason()).isEqualTo(Reason.REASON_VERSION_RETIRED);
    }

    @Test
    void letsGoOfARolledBackVersion() {
        load(4);
        server.publisher().rollback(ITEMS, generations.get(2));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(3);
        assertThat(find(4).reason()).isEqualTo(Reason.REASON_VERSION_ROLLED_BACK);
        assertThat(find(5).reason()).isEqualTo(Reason.REASON_VERSION_ROLLED_BACK);
        assertThat(server.held(ITEMS).getHeldList()).containsExactly(generations.get(2));
    }

    @Test
    void doesNotKnowNumbersThatWereNeverCommitted() {
        var unused = server.publisher().prepare(VersionDraft.of(ITEMS).rows(20, "6"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(find(6).reason()).isEqualTo(Reason.REASON_UNKNOWN_VERSION);
        assertThat(find(7).reason()).isEqualTo(Reason.REASON_UNKNOWN_VERSION);
        assertThat(find(-1).reason()).isEqualTo(Reason.REASON_UNKNOWN_VERSION);
    }

    @Test
    void saysWhatWentWrongAndTriesAgainLater() {
        BlobAddress manifest = BlobAddress.manifest(server.publisher().id(ITEMS), generations.get(1));
        server.faults.lose(manifest);
        load(2);
        assertThat(find(2).reason()).isEqualTo(Reason.REASON_BUCKET_LOST);
        assertThat(server.held(ITEMS).getHeldList()).containsExactly(generations.get(4));
        server.faults.heal(manifest);
        server.time.advance(Duration.ofSeconds(1));
        load(2);
        assertThat(find(2).view()).isNotNull();
    }

    @Test
    void manyRequestsForOneVersionLoadItOnce() {
        long reads = server.faults.count(Operation.BLOB_READ);
        for (int i = 0; i < 100; i++) {
            assertThat(find(2).reason()).isEqualTo(Reason.REASON_VERSION_LOADING);
        }
        server.time.run();
        assertThat(server.faults.count(Operation.BLOB_READ)).isEqualTo(reads + 2);
    }

    private void load(long number) {
        var unused = find(number);
        server.time.run();
    }

    private Pinned find(long number) {
        return server.views().find(server.status(ITEMS), number, server.time.nanoTime());
    }

    private List<Long> heldNumbers() {
        return server.status(ITEMS).held().stream()
                .map(HeldVersion::view)
                .map(DatasetView::number)
                .toList();
    }
}
