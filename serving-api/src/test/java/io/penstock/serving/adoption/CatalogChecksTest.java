package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogChecks.Verdict;
import io.penstock.serving.view.DatasetView;
import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CatalogChecksTest {
    private static final String ITEMS = "items.v1";

    private final ViewFixture server = new ViewFixture();

    @BeforeEach
    void start() {
        server.publisher().publish(draft("a"));
        server.start();
        server.time.advance(Duration.ofMillis(500)); // between two polls
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aKeptVersionIsKept() {
        CompletableFuture<Verdict> verdict = recheck(server.served(ITEMS));
        server.time.run();
        assertThat(verdict).isCompletedWithValue(Verdict.KEPT);
    }

    @Test
    void aRetiredVersionHasMovedOnceTheViewHas() {
        DatasetView old = server.served(ITEMS);
        server.publisher().publish(draft("b"));
        server.publisher().retire(ITEMS, 1);
        CompletableFuture<Verdict> verdict = recheck(old);
        server.time.run();
        assertThat(verdict).isCompletedWithValue(Verdict.MOVED);
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
    }

    @Test
    void waitsForTheAdoptionThatReplacesTheVersion() {
        DatasetView old = server.served(ITEMS);
        server.hotRows.answer = new CompletableFuture<>();
        server.publisher().publish(draft("b"));
        server.publisher().retire(ITEMS, 1);
        CompletableFuture<Verdict> verdict = recheck(old);
        server.time.run();
        assertThat(verdict).isNotDone();
        server.time.advance(Duration.ofSeconds(2));
        assertThat(verdict).isCompletedWithValue(Verdict.MOVED);
    }

    @Test
    void cannotBeSaidWhenWhatFollowsCannotBeLoaded() {
        DatasetView old = server.served(ITEMS);
        server.publisher().publish(draft("b"));
        server.publisher().retire(ITEMS, 1);
        server.faults.always(Fault.UNREACHABLE, Operation.BLOB_READ);
        CompletableFuture<Verdict> verdict = recheck(old);
        server.time.run();
        assertThat(verdict).isCompletedWithValue(Verdict.unavailable(Reason.REASON_CATALOG_UNCONFIRMED));
    }

    @Test
    void anUnreachableOrMissingCatalogIsNeverDataLoss() {
        server.faults.always(Fault.UNREACHABLE, Operation.CATALOG_READ);
        CompletableFuture<Verdict> unreachable = recheck(server.served(ITEMS));
        server.time.run();
        assertThat(unreachable).isCompletedWithValue(Verdict.unavailable(Reason.REASON_STORE_UNREACHABLE));

        server.faults.stop();
        try (MemoryStore empty = new MemoryStore()) {
            server.store.replaceCatalogs(empty);
            CompletableFuture<Verdict> missing = recheck(server.served(ITEMS));
            server.time.advance(Duration.ofMillis(100));
            assertThat(missing).isCompletedWithValue(Verdict.unavailable(Reason.REASON_NOT_INITIALISED));
        }
    }

    @Test
    void aForkIsNeverDataLoss() {
        byte[] before = server.catalogValue();
        server.publisher().publish(draft("b"));
        server.time.advance(Duration.ofSeconds(1));
        DatasetView lost = server.served(ITEMS);
        server.putCatalogValue(before);
        CompletableFuture<Verdict> verdict = recheck(lost);
        server.time.advance(Duration.ofMillis(100));
        assertThat(verdict).isCompletedWithValue(Verdict.unavailable(Reason.REASON_CATALOG_UNCONFIRMED));
    }

    @Test
    void requestsShareReadsThatStartAtLeastTheIntervalApart() {
        long reads = server.faults.count(Operation.CATALOG_READ);
        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            verdicts.add(recheck(server.served(ITEMS)));
            server.time.advance(Duration.ofMillis(1));
        }
        server.time.advance(Duration.ofMillis(100));
        assertThat(verdicts).allSatisfy(verdict -> assertThat(verdict).isCompletedWithValue(Verdict.KEPT));
        assertThat(server.faults.count(Operation.CATALOG_READ) - reads).isLessThanOrEqualTo(5);
    }

    @Test
    void neverJoinsAReadThatBeganBefore() {
        server.faults.once(Operation.CATALOG_READ, Fault.SLOW);
        CompletableFuture<Verdict> first = recheck(server.served(ITEMS));
        server.time.run();
        DatasetView old = server.served(ITEMS);
        server.publisher().publish(draft("b"));
        server.publisher().retire(ITEMS, 1);
        CompletableFuture<Verdict> second = recheck(old);
        server.time.run();
        assertThat(second).isNotDone();
        server.faults.release();
        server.time.advance(Duration.ofMillis(100));
        assertThat(first).isCompletedWithValue(Verdict.KEPT);
        assertThat(second).isCompletedWithValue(Verdict.MOVED);
    }

    @Test
    void refreshAdoptsWithoutWaitingForThePoll() {
        server.publisher().publish(draft("b"));
        CompletableFuture<Void> refreshed = server.views().refresh("default").toCompletableFuture();
        server.time.run();
        assertThat(refreshed).isCompleted();
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
    }

    private CompletableFuture<Verdict> recheck(DatasetView view) {
        return server.views().recheck(view).toCompletableFuture();
    }

    private static VersionDraft draft(String text) {
        return VersionDraft.of(ITEMS).rows(20, text);
    }
}
