package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.VersionInfo;
import io.penstock.serving.view.DatasetView;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.Seal;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdoptionTest {
    private static final String ITEMS = "items.v1";
    private static final String PRICES = "prices.v1";
    private static final String STOCK = "stock.v1";

    private final ViewFixture server = new ViewFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void servesWhatTheCatalogListsAtStart() throws Exception {
        long generation = server.publisher().publish(draft(ITEMS, "a"));
        server.start();

        DatasetView served = server.served(ITEMS);
        assertThat(served.generation()).isEqualTo(generation);
        assertThat(served.revision()).isEqualTo(1);
        assertThat(served.contract().dataset()).isEqualTo(ITEMS);
        assertThat(VersionInfo.parseFrom(served.versionInfo()).getVersion()).isEqualTo(1);
        assertThat(served.generationOf(server.publisher().bucketOf(generation, "k1")))
                .isEqualTo(generation);
        assertThat(server.views().firstAdoption().toCompletableFuture()).isCompleted();
    }

    @Test
    void noticesACommitWithinOnePollInterval() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        server.publisher().publish(draft(ITEMS, "b"));
        server.time.advance(Duration.ofMillis(999));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        server.time.advance(Duration.ofMillis(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
        assertThat(server.served(ITEMS).revision()).isEqualTo(2);
    }

    @Test
    void loadsOnlyTheChunksThatChanged() {
        VersionDraft first = VersionDraft.of(ITEMS).bits(15).rows(200, "a");
        server.publisher().publish(first);
        server.start();
        long readsAtStart = server.faults.count(Operation.BLOB_READ);
        assertThat(readsAtStart).isEqualTo(1 + 4);

        DatasetView before = server.served(ITEMS);
        server.publisher().publish(VersionDraft.of(ITEMS).rows(200, "a").row("k3", "b"));
        poll();

        assertThat(server.faults.count(Operation.BLOB_READ) - readsAtStart).isEqualTo(1 + 1);
        DatasetView after = server.served(ITEMS);
        int changed = 0;
        for (int bucket = 0; bucket < after.layout().buckets(); bucket++) {
            changed += before.generationOf(bucket) == after.generationOf(bucket) ? 0 : 1;
        }
        assertThat(changed).isEqualTo(1);
    }

    @Test
    void flipsWhatWasCommittedTogetherInOneChange() {
        server.publisher().publishTogether(draft(ITEMS, "a"), draft(PRICES, "a"));
        server.start();
        for (int i = 0; i < 20; i++) {
            server.publisher().publishTogether(draft(ITEMS, "i" + i), draft(PRICES, "p" + i));
            poll();
        }
        assertThat(server.servedNumber(ITEMS)).isEqualTo(21);
        assertThat(server.seen)
                .allSatisfy(view -> assertThat(number(view.dataset(ITEMS))).isEqualTo(number(view.dataset(PRICES))));
    }

    @Test
    void holdsADatasetThatCannotBeLoadedWithItsGroupAndMovesTheOthers() {
        server.publisher().publishTogether(draft(ITEMS, "a"), draft(PRICES, "a"));
        server.publisher().publish(draft(STOCK, "a"));
        server.start();

        long lost = server.publisher()
                .publishTogether(draft(ITEMS, "b"), draft(PRICES, "b"))
                .get(0);
        server.publisher().publish(draft(STOCK, "b"));
        BlobAddress manifest = BlobAddress.manifest(server.publisher().id(ITEMS), lost);
        server.faults.lose(manifest);
        poll();

        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.servedNumber(PRICES)).isEqualTo(1);
        assertThat(server.servedNumber(STOCK)).isEqualTo(2);
        assertThat(server.status(ITEMS).problem())
                .isEqualTo("version 2 cannot be loaded: " + manifest
                        + " is not in the store; publish a snapshot with 'penstock publish --rewrite', or roll back");
        assertThat(server.status(PRICES).problem())
                .isEqualTo("held, because it moved together with items.v1, which cannot be loaded");
        assertThat(server.held(ITEMS).getProblem()).contains("cannot be loaded");
        assertThat(server.held(ITEMS).getRevision()).isEqualTo(1);

        server.faults.heal(manifest);
        server.time.advance(Duration.ofMinutes(2));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
        assertThat(server.servedNumber(PRICES)).isEqualTo(2);
        assertThat(server.status(PRICES).problem()).isEmpty();
        assertThat(server.held(ITEMS).getProblem()).isEmpty();
    }

    @Test
    void groupsFollowEveryMoveSinceTheHeldRevision() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.publisher().publish(draft(PRICES, "a"));
        server.publisher().publish(draft(STOCK, "a"));
        server.start();
        server.publisher().publishTogether(draft(ITEMS, "b"), draft(PRICES, "b"));
        server.publisher().publishTogether(draft(PRICES, "c"), draft(STOCK, "c"));
        long last = server.publisher().publish(draft(STOCK, "d"));
        server.faults.lose(BlobAddress.manifest(server.publisher().id(STOCK), last));
        poll();

        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.servedNumber(PRICES)).isEqualTo(1);
        assertThat(server.servedNumber(STOCK)).isEqualTo(1);
    }

    @Test
    void aDatasetThatWasNeverLoadedHoldsNobody() {
        List<Long> generations = server.publisher().publishTogether(draft(ITEMS, "a"), draft(PRICES, "a"));
        server.faults.lose(BlobAddress.manifest(server.publisher().id(ITEMS), generations.get(0)));
        server.start();

        assertThat(server.status(ITEMS).served()).isNull();
        assertThat(server.servedNumber(PRICES)).isEqualTo(1);
        assertThat(server.views().firstAdoption().toCompletableFuture()).isCompleted();
    }

    @Test
    void aNewVersionEndsAHoldAtOnce() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        long lost = server.publisher().publish(draft(ITEMS, "b"));
        server.faults.lose(BlobAddress.manifest(server.publisher().id(ITEMS), lost));
        server.time.advance(Duration.ofMinutes(10));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);

        server.publisher().publish(draft(ITEMS, "c"));
        poll();
        assertThat(server.servedNumber(ITEMS)).isEqualTo(3);
        assertThat(server.status(ITEMS).problem()).isEmpty();
    }

    @Test
    void aDamagedChunkOrAnotherVersionsManifestIsNotAdopted() {
        long first = server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        long second = server.publisher().publish(draft(ITEMS, "b"));
        BlobAddress chunk = BlobAddress.chunk(server.publisher().id(ITEMS), second, 0);
        server.faults.corrupt(chunk);
        poll();
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.status(ITEMS).problem()).contains(chunk + " is damaged");

        server.faults.heal(chunk);
        BlobAddress address = BlobAddress.manifest(server.publisher().id(ITEMS), second);
        byte[] other = Objects.requireNonNull(
                server.publisher().get(BlobAddress.manifest(server.publisher().id(ITEMS), first)));
        server.publisher().lose(address);
        server.publisher().put(Blob.of(address, Arrays.copyOf(other, other.length - Seal.BYTES)));
        server.time.advance(Duration.ofMinutes(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.status(ITEMS).problem()).contains("is the manifest of another version");
    }

    @Test
    void rollsBackToTheExactBytesWithoutLoadingOrWaiting() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        DatasetView first = server.served(ITEMS);
        server.publisher().publish(draft(ITEMS, "b"));
        poll();
        long reads = server.faults.count(Operation.BLOB_READ);
        server.hotRows.answer = new CompletableFuture<>();

        server.publisher().rollback(ITEMS);
        poll();

        DatasetView back = server.served(ITEMS);
        assertThat(back.table()).isSameAs(first.table());
        assertThat(back.revision()).isEqualTo(3);
        assertThat(server.faults.count(Operation.BLOB_READ)).isEqualTo(reads);
        assertThat(server.hotRows.asked).containsExactly("1 to 2", "2 to 1");
        assertThat(server.status(ITEMS).held()).isEmpty();
        assertThat(server.held(ITEMS).getHeldList()).containsExactly(first.generation());
    }

    @Test
    void followsRevisionsWhenTheNumberIsTheSameAgain() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        server.publisher().publish(draft(ITEMS, "b"));
        server.publisher().rollback(ITEMS);
        poll();
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.served(ITEMS).revision()).isEqualTo(3);
    }

    @Test
    void waitsForHotRowsForTwoSecondsAtMost() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        server.hotRows.answer = new CompletableFuture<>();
        server.publisher().publish(draft(ITEMS, "b"));
        poll();
        server.time.advance(Duration.ofMillis(1_900));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.view().namespaces().get(0).catalog().isConfirmed(server.time.nanoTime()))
                .isTrue();
        server.time.advance(Duration.ofMillis(100));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
    }

    @Test
    void aRollbackEndsAnAdoptionUnderWay() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        server.hotRows.answer = new CompletableFuture<>();
        server.publisher().publish(draft(ITEMS, "b"));
        poll();
        server.publisher().rollback(ITEMS);
        poll();
        server.time.advance(Duration.ofSeconds(10));
        assertThat(server.served(ITEMS).revision()).isEqualTo(3);
        assertThat(server.seen)
                .noneSatisfy(view -> assertThat(number(view.dataset(ITEMS))).isEqualTo(2));
        assertThat(server.held(ITEMS).getHeldCount()).isEqualTo(1);
    }

    @Test
    void namesAVersionInPresenceBeforeItReadsAnyOfIt() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        List<List<Long>> heldAtRead = new ArrayList<>();
        server.faults.before(
                Operation.BLOB_READ,
                () -> heldAtRead.add(List.copyOf(server.held(ITEMS).getHeldList())));
        long second = server.publisher().publish(draft(ITEMS, "b"));
        poll();
        assertThat(heldAtRead).isNotEmpty().allSatisfy(held -> assertThat(held).contains(second));
    }

    @Test
    void loadsNothingThatTheSecondReadOfTheCatalogTakesBack() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        long second = server.publisher().publish(draft(ITEMS, "b"));
        server.faults.before(Operation.PRESENCE_PUT, () -> {
            server.faults.noHook(Operation.PRESENCE_PUT);
            server.publisher().rollback(ITEMS);
        });
        List<Long> before = List.of(server.faults.count(Operation.BLOB_READ));
        poll();
        assertThat(server.faults.count(Operation.BLOB_READ)).isEqualTo(before.get(0));
        assertThat(server.served(ITEMS).revision()).isEqualTo(3);
        assertThat(server.held(ITEMS).getHeldList()).doesNotContain(second);
    }

    @Test
    void adoptsNothingWhilePresenceIsRefused() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        server.faults.always(Fault.FULL, Operation.PRESENCE_PUT);
        server.publisher().publish(draft(ITEMS, "b"));
        server.time.advance(Duration.ofSeconds(5));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        assertThat(server.status(ITEMS).problem()).contains("presence could not be written");
        server.faults.stop();
        server.time.advance(Duration.ofMinutes(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
        assertThat(server.held(ITEMS).getServing())
                .isEqualTo(server.served(ITEMS).generation());
    }

    @Test
    void aStoreThatNeverAnswersEndsTheAttempt() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        server.faults.always(Fault.FROZEN, Operation.BLOB_READ);
        server.publisher().publish(draft(ITEMS, "b"));
        server.time.advance(Duration.ofSeconds(12));
        assertThat(server.status(ITEMS).problem()).contains("was not answered by the store within 10000 ms");
        server.faults.stop();
        server.time.advance(Duration.ofMinutes(1));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(2);
    }

    @Test
    void adoptsAContractThatGrew() {
        server.publisher().publish(draft(ITEMS, "a"));
        server.start();
        server.publisher().publish(draft(ITEMS, "a").contract(TestContracts.of(ITEMS, true)));
        poll();
        assertThat(server.served(ITEMS).contract().descriptor().findFieldByName("amount"))
                .isNotNull();
    }

    @Test
    void aDatasetThatWasOnlyBegunIsUnknown() {
        var unused = server.publisher().prepare(draft(ITEMS, "a"));
        server.start();
        assertThat(server.view().find(ITEMS)).isNull();
        assertThat(server.view().whyMissing(ITEMS)).isEqualTo(Reason.REASON_UNKNOWN_DATASET);
    }

    @Test
    void adoptsLateWhenTheHeldMoveIsNoLongerListed() {
        server.publisher().publish(draft(ITEMS, "0"));
        server.start();
        server.faults.unreachable();
        for (int i = 1; i <= 70; i++) {
            server.publisher().publish(draft(ITEMS, "" + i));
        }
        DatasetEntry entry = server.publisher().entry(ITEMS);
        assertThat(entry.getMoves(0).getRevision()).isGreaterThan(2);
        server.faults.stop();
        server.time.advance(Duration.ofSeconds(2));
        assertThat(server.servedNumber(ITEMS)).isEqualTo(71);
    }

    private void poll() {
        server.time.advance(Duration.ofSeconds(1));
    }

    private static VersionDraft draft(String dataset, String text) {
        return VersionDraft.of(dataset).rows(20, text);
    }

    private static long number(@Nullable DatasetView view) {
        return view == null ? 0 : view.number();
    }
}
