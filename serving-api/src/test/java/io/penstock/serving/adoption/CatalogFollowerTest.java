package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.StoredVersions;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.CatalogStatus.Condition;
import io.penstock.storage.v1.Catalog;
import io.penstock.store.Remedies;
import io.penstock.store.catalog.CatalogCodec;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogFollowerTest {
    private static final String ITEMS = "items.v1";

    private final ViewFixture server = new ViewFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aMissingCatalogIsNotInitialisedAndNothingIsCreated() {
        server.start();
        server.time.advance(Duration.ofSeconds(10));

        assertThat(status().condition()).isEqualTo(Condition.NOT_INITIALISED);
        assertThat(status().problem()).isEqualTo("namespace 'default' has no catalog. " + Remedies.NO_CATALOG);
        assertThat(server.view().whyMissing(ITEMS)).isEqualTo(Reason.REASON_NOT_INITIALISED);
        assertThat(server.views().firstAdoption().toCompletableFuture()).isNotDone();
        assertThat(Await.stage(server.memory.catalog("default").read())).isEmpty();
        assertThat(server.presence()).isEmpty();

        server.publisher().publish(draft("a"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(status().condition()).isEqualTo(Condition.CONFIRMED);
        assertThat(status().problem()).isEmpty();
    }

    @Test
    void saysUnknownDatasetOnlyOfAConfirmedCatalog() {
        server.faults.unreachable();
        server.publisher().publish(draft("a"));
        server.start();
        assertThat(server.view().whyMissing("other.v1")).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        server.faults.stop();
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.view().whyMissing("other.v1")).isEqualTo(Reason.REASON_UNKNOWN_DATASET);
        assertThat(server.view().whyMissing("growth/other.v1")).isEqualTo(Reason.REASON_UNKNOWN_DATASET);
        assertThat(server.view().whyMissing("Other")).isEqualTo(Reason.REASON_INVALID_DATASET);
        server.faults.unreachable();
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.view().whyMissing("other.v1")).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
    }

    @Test
    void readsAreAnsweredForAnHourWithoutTheCatalog() {
        server.publisher().publish(draft("a"));
        server.start();
        server.faults.unreachable();
        server.time.jump(Duration.ofHours(5)); // the wall clock has no say in it
        server.time.advance(Duration.ofMinutes(59));
        assertThat(confirmed()).isTrue();
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        server.time.advance(Duration.ofMinutes(2));
        assertThat(confirmed()).isFalse();
        assertThat(server.status(ITEMS).state(server.time.millis(), server.time.nanoTime()))
                .isEqualTo(Dataset.State.STATE_UNAVAILABLE);

        server.faults.stop();
        server.time.advance(Duration.ofSeconds(2));
        assertThat(confirmed()).isTrue();
    }

    @Test
    void confirmsWithPollsOfTheWriteIdAlone() {
        server.publisher().publish(draft("a"));
        server.start();
        server.time.advance(Duration.ofSeconds(1));
        long reads = server.faults.count(Operation.CATALOG_READ);
        server.time.advance(Duration.ofHours(2));
        assertThat(confirmed()).isTrue();
        assertThat(server.faults.count(Operation.CATALOG_READ)).isEqualTo(reads);
    }

    @Test
    void keepsTheViewWhenTheCatalogIsDamaged() {
        server.publisher().publish(draft("a"));
        server.start();
        byte[] good = server.catalogValue();
        byte[] bad = good.clone();
        bad[0] ^= 1; // another write id
        bad[bad.length / 2] ^= 1;
        server.putCatalogValue(bad);
        server.time.advance(Duration.ofSeconds(1));

        assertThat(status().condition()).isEqualTo(Condition.UNREADABLE);
        assertThat(status().problem()).contains("fail their checksum");
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        server.time.advance(Duration.ofHours(2));
        assertThat(confirmed()).isFalse();

        server.putCatalogValue(good);
        server.time.advance(Duration.ofSeconds(1));
        assertThat(confirmed()).isTrue();
    }

    @Test
    void keepsTheViewWhenTheCatalogIsOfANewerFormat() {
        server.publisher().publish(draft("a"));
        server.start();
        Catalog newer = server.publisher().read().toBuilder()
                .setFormat(CatalogCodec.FORMAT + 1)
                .build();
        server.putCatalogValue(CatalogCodec.encode("default", WriteId.random(new Random(5)), newer));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(status().condition()).isEqualTo(Condition.UNREADABLE);
        assertThat(status().problem()).contains("upgrade this one");
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
    }

    @Test
    void aCatalogThatCannotBeIsNotConfirmedByThePollsAfterIt() {
        server.publisher().publish(draft("a"));
        server.start();
        byte[] good = server.catalogValue();
        Catalog read = server.publisher().read();
        Catalog impossible = read.toBuilder()
                .addDatasets(read.getDatasets(0).toBuilder().setName("No Name"))
                .build();
        server.putCatalogValue(CatalogCodec.encode("default", WriteId.random(new Random(5)), impossible));
        server.time.advance(Duration.ofSeconds(5));
        assertThat(status().condition()).isEqualTo(Condition.UNREADABLE);
        assertThat(status().problem()).contains("cannot be understood");
        server.time.advance(Duration.ofHours(2));
        assertThat(confirmed()).isFalse();

        server.putCatalogValue(good);
        server.time.advance(Duration.ofSeconds(1));
        assertThat(confirmed()).isTrue();
    }

    @Test
    void aCatalogThatDisappearsIsNotAnEmptyOne() {
        server.publisher().publish(draft("a"));
        server.start();
        try (MemoryStore empty = new MemoryStore()) {
            server.store.replaceCatalogs(empty);
            server.time.advance(Duration.ofSeconds(1));
            assertThat(status().condition()).isEqualTo(Condition.NOT_INITIALISED);
            assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
            assertThat(server.view().whyMissing("other.v1")).isEqualTo(Reason.REASON_NOT_INITIALISED);
            server.time.advance(Duration.ofHours(2));
            assertThat(confirmed()).isFalse();
            assertThat(Await.stage(empty.catalog("default").read())).isEmpty();
        }
    }

    @Test
    void aReplacedStoreIsAFork() {
        server.publisher().publish(draft("a"));
        server.start();
        try (MemoryStore other = new MemoryStore();
                StoredVersions versions = StoredVersions.in(other, "default", 9)) {
            versions.publish(draft("x"));
            versions.publish(draft("y"));
            server.store.replaceCatalogs(other);
            server.time.advance(Duration.ofSeconds(1));
            assertThat(status().condition()).isEqualTo(Condition.FORKED);
            assertThat(status().problem()).contains("the store was replaced");
            assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        }
    }

    @Test
    void aFailoverThatLosesACommitIsAFork() {
        server.publisher().publish(draft("a"));
        byte[] before = server.catalogValue();
        server.publisher().publish(draft("b"));
        server.start();
        long lost = server.served(ITEMS).generation();

        server.putCatalogValue(before);
        server.time.advance(Duration.ofSeconds(1));
        assertThat(status().condition()).isEqualTo(Condition.FORKED);
        assertThat(status().problem())
                .isEqualTo(
                        "catalog of namespace 'default': its history forked, it does not know that items.v1 moved to "
                                + "version 2 at revision 2; the present view is held. Find out which history is right, then "
                                + "restart this server");

        server.publisher().publish(draft("c"));
        server.publisher().publish(draft("d"));
        server.time.advance(Duration.ofMinutes(30));
        assertThat(server.served(ITEMS).generation()).isEqualTo(lost);
        assertThat(server.held(ITEMS).getProblem()).contains("history forked");
        assertThat(server.status(ITEMS).state(server.time.millis(), server.time.nanoTime()))
                .isEqualTo(Dataset.State.STATE_HOLDING);
        server.time.advance(Duration.ofHours(1));
        assertThat(confirmed()).isFalse();
    }

    @Test
    void aCommitThatReplacedALostOneBeforeTheNextPollIsAFork() {
        server.publisher().publish(draft("a"));
        byte[] before = server.catalogValue();
        server.publisher().publish(draft("b"));
        server.start();
        server.putCatalogValue(before);
        server.publisher().publish(draft("c"));
        server.publisher().publish(draft("d"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(status().condition()).isEqualTo(Condition.FORKED);
        assertThat(server.served(ITEMS).revision()).isEqualTo(2);
    }

    @Test
    void aRestartEndsAFork() {
        server.publisher().publish(draft("a"));
        byte[] before = server.catalogValue();
        server.publisher().publish(draft("b"));
        server.start();
        server.putCatalogValue(before);
        server.time.advance(Duration.ofSeconds(1));
        server.views().close();
        server.time.run();
        server.start();
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(status().condition()).isEqualTo(Condition.CONFIRMED);
    }

    @Test
    void aVersionExpiresByTheWallClock() {
        server.publisher().publish(draft("a").expiresAt(Instant.parse("2026-11-20T13:00:00Z")));
        server.start();
        assertThat(server.served(ITEMS).isExpired(server.time.millis())).isFalse();
        server.time.jump(Duration.ofHours(1));
        assertThat(server.served(ITEMS).isExpired(server.time.millis())).isTrue();
        assertThat(server.status(ITEMS).state(server.time.millis(), server.time.nanoTime()))
                .isEqualTo(Dataset.State.STATE_UNAVAILABLE);
    }

    private CatalogStatus status() {
        return server.view().namespaces().get(0).catalog();
    }

    private boolean confirmed() {
        return status().isConfirmed(server.time.nanoTime());
    }

    private static VersionDraft draft(String text) {
        return VersionDraft.of(ITEMS).rows(20, text);
    }
}
