package io.penstock.store.catalog;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.penstock.storage.v1.AuditEntry;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Layout;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.storage.v1.VersionEntry.State;
import io.penstock.store.catalog.CatalogRefusedException.Reason;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import io.penstock.store.catalog.CatalogTransitions.Committing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogTransitionsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Timestamp NOW_STAMP =
            Timestamp.newBuilder().setSeconds(NOW.getEpochSecond()).build();
    private static final String A = "a.v1";
    private static final String B = "b.v1";
    private static final String C = "c.v1";

    private Catalog catalog = Catalog.newBuilder().setFormat(1).setStoreId(1).build();
    private long lastOperation;

    @Test
    void beginTakesTheNextNumberAndTheCurrentVersionAsParent() throws Exception {
        publish(11, A);
        apply(begin(12, A));
        assertThat(entry(A).getSlot().getNumber()).isEqualTo(2);
        assertThat(entry(A).getSlot().getParent()).isEqualTo(11);
        assertThat(entry(A).getLastNumber()).isEqualTo(2);
    }

    @Test
    void beginKeepsDatasetsInTheOrderOfTheirNames() throws Exception {
        apply(begin(11, C));
        apply(begin(12, A));
        apply(begin(13, B));
        assertThat(catalog.getDatasetsList()).extracting(DatasetEntry::getName).containsExactly(A, B, C);
    }

    @Test
    void beginOfAGroupTakesAllSlotsOrNone() throws Exception {
        apply(begin(11, B));
        CatalogRefusedException refused = refusal(begin(12, A, B));
        assertThat(refused.reason()).isEqualTo(Reason.SLOT_BUSY);
        assertThat(refused)
                .hasMessage("b.v1: publication of version 1 by owner-11 is in progress since 2026-11-20T12:00:00Z; try"
                        + " again when it has ended; if its publisher is dead, the next attempt takes over after 10 s");
        assertThat(CatalogSnapshot.findDataset(catalog, A)).isNull();
    }

    @Test
    void aSilentOwnersSlotIsTakenOverAndItsGenerationAbandoned() throws Exception {
        apply(begin(11, A));
        apply(CatalogTransitions.layOut(A, 11, Layout.newBuilder().setBits(3).build()));
        apply(CatalogTransitions.begin(List.of(new Beginning(A, 12)), "owner-12", Set.of(11L), "me@here", NOW));
        assertThat(entry(A).getSlot().getGeneration()).isEqualTo(12);
        assertThat(entry(A).getSlot().getNumber()).isEqualTo(2);
        assertThat(entry(A).getAbandoned(0).getGeneration()).isEqualTo(11);
        assertThat(entry(A).getAbandoned(0).getLayout().getBits()).isEqualTo(3);
        assertThat(catalog.getAudit(0).getAction()).isEqualTo("takeover");
        assertThat(refusal(CatalogTransitions.layOut(A, 11, Layout.getDefaultInstance()))
                        .reason())
                .isEqualTo(Reason.FENCED);
        assertThat(refusal(commit(11, A)).reason()).isEqualTo(Reason.FENCED);
    }

    @Test
    void commitMovesAllDatasetsInOneStepAndRecordsTheGroup() throws Exception {
        publish(11, A, B);
        assertThat(entry(A).getCurrent()).isEqualTo(11);
        assertThat(entry(B).getCurrent()).isEqualTo(11);
        assertThat(entry(A).getRevision()).isEqualTo(1);
        assertThat(entry(A).getMoves(0).getOperationId())
                .isEqualTo(entry(B).getMoves(0).getOperationId());
        assertThat(catalog.getGroups(0).getMembersCount()).isEqualTo(2);
        assertThat(entry(A).hasSlot()).isFalse();
    }

    @Test
    void aPausedDatasetRefusesBeginAndCommitButNotRollback() throws Exception {
        publish(11, A);
        publish(12, A);
        apply(begin(13, A));
        apply(CatalogTransitions.pause(A, "looks wrong", "me@here", NOW));
        assertThat(refusal(commit(13, A)))
                .hasMessage(
                        "a.v1: paused by me@here since 2026-11-20T12:00:00Z: looks wrong; 'penstock resume a.v1' ends it");
        rollback(A, 11);
        assertThat(refusal(begin(14, A)).reason()).isEqualTo(Reason.PAUSED);
        apply(CatalogTransitions.resume(A, "me@here", NOW));
        apply(begin(14, A));
        assertThat(catalog.getAuditList())
                .extracting(audit -> audit.getAction())
                .contains("pause", "resume");
    }

    @Test
    void rollbackUndoesEveryVersionAboveItsTargetForGood() throws Exception {
        publish(11, A);
        publish(12, A);
        publish(13, A);
        rollback(A, 11);
        assertThat(entry(A).getCurrent()).isEqualTo(11);
        assertThat(entry(A).getRevision()).isEqualTo(4);
        assertThat(version(A, 12).getState()).isEqualTo(State.STATE_ROLLED_BACK);
        assertThat(version(A, 13).getState()).isEqualTo(State.STATE_ROLLED_BACK);
        assertThat(refusal(rollbackTo(A, 13)))
                .hasMessage("a.v1: version 3 was rolled back; publish its data again instead");
        publish(14, A);
        assertThat(version(A, 14).getNumber()).isEqualTo(4);
        assertThat(version(A, 14).getParent()).isEqualTo(11);
    }

    @Test
    void rollbackFencesThePublicationInProgress() throws Exception {
        publish(11, A);
        publish(12, A);
        apply(begin(13, A));
        apply(CatalogTransitions.layOut(A, 13, Layout.newBuilder().setBits(3).build()));
        rollback(A, 11);
        assertThat(entry(A).hasSlot()).isFalse();
        assertThat(entry(A).getAbandoned(0).getGeneration()).isEqualTo(13);
        assertThat(refusal(commit(13, A)).reason()).isEqualTo(Reason.FENCED);
    }

    @Test
    void rollbackFollowsCommitGroupsToAFixpoint() throws Exception {
        publish(10, A, B);
        publish(11, C);
        publish(20, A, B);
        publish(30, B, C); // undoing A's 20 undoes B's 20, hence B's 30, hence C's 30
        rollback(A, 10);
        assertThat(entry(A).getCurrent()).isEqualTo(10);
        assertThat(entry(B).getCurrent()).isEqualTo(10);
        assertThat(entry(C).getCurrent()).isEqualTo(11);
        assertThat(entry(C).getMoves(2).getOperationId())
                .isEqualTo(entry(A).getMoves(2).getOperationId());
    }

    @Test
    void rollbackNamesThePartnerThatHasNothingToGoBackTo() throws Exception {
        publish(10, A);
        publish(20, A, B);
        assertThat(refusal(rollbackTo(A, 10)))
                .hasMessage(
                        "b.v1: version 1 was committed together with a version to be undone, and nothing before it is "
                                + "kept; use --alone to leave b.v1 as it is");
        apply(CatalogTransitions.rollback(A, 10, true, ++lastOperation, "me@here", NOW));
        assertThat(entry(A).getCurrent()).isEqualTo(10);
        assertThat(entry(B).getCurrent()).isEqualTo(20);
        assertThat(catalog.getAudit(0).getDetail()).isEqualTo("from version 2 to 1, alone");
    }

    @Test
    void aPartnerThatWentOnLongAgoIsNotForgotten() throws Exception {
        publish(10, A, B);
        publish(20, A, B);
        for (long generation = 31; generation < 36; generation++) {
            publish(generation, B);
        }
        retireAndCollect(B, 2);
        assertThat(refusal(rollbackTo(A, 10)).reason()).isEqualTo(Reason.PARTNER_HAS_NO_TARGET);
    }

    @Test
    void aGroupThatWasUndoneBindsNobodyAnyMore() throws Exception {
        publish(10, A, B);
        publish(20, A, B);
        rollback(A, 10);
        publish(30, A);
        publish(31, B);
        rollback(A, 10);
        assertThat(entry(B).getCurrent()).isEqualTo(31);
    }

    @Test
    void rollbackRefusesWhatIsNotThereOrNotUsable() throws Exception {
        publish(11, A);
        assertThat(refusal(rollbackTo(A, 11))).hasMessage("a.v1: version 1 is what is served");
        assertThat(refusal(rollbackTo(A, 99))).hasMessage("a.v1: no version with generation 0000000000000063");
        assertThat(refusal(rollbackTo(B, 99)))
                .hasMessage("b.v1: the catalog has no such dataset; see 'penstock datasets --store URL'");
        for (long generation = 12; generation < 16; generation++) {
            publish(generation, A);
        }
        apply(CatalogTransitions.retire(A, 3, NOW));
        assertThat(refusal(rollbackTo(A, 11)))
                .hasMessage("a.v1: version 1 is being deleted (retention or erasure); choose one that 'penstock"
                        + " versions a.v1 --store URL' calls kept");
    }

    @Test
    void rollbackRefusesAVersionWhoseTimeIsOver() throws Exception {
        apply(begin(11, A));
        apply(CatalogTransitions.commit(
                List.of(new Committing(A, 11, NOW.minus(Duration.ofHours(1)))), ++lastOperation, NOW));
        publish(12, A);
        assertThat(refusal(rollbackTo(A, 11)))
                .hasMessage("a.v1: version 1 expired at 2026-11-20T11:00:00Z; publish the data again");
    }

    @Test
    void theDefaultTargetIsTheParent() throws Exception {
        publish(11, A);
        publish(12, A);
        rollback(A, 11);
        publish(13, A);
        assertThat(CatalogSnapshot.defaultRollbackTarget(catalog, A)).isEqualTo(11);
    }

    @Test
    void retireKeepsTheCurrentVersionItsNewestAncestorsAndTheParentOfASlot() throws Exception {
        for (long generation = 11; generation < 16; generation++) {
            publish(generation, A);
        }
        rollback(A, 14);
        apply(CatalogTransitions.retire(A, 2, NOW));
        assertThat(entry(A).getVersionsList())
                .extracting(VersionEntry::getGeneration, VersionEntry::getState)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(11L, State.STATE_RETIRING),
                        org.assertj.core.groups.Tuple.tuple(12L, State.STATE_RETIRING),
                        org.assertj.core.groups.Tuple.tuple(13L, State.STATE_KEPT),
                        org.assertj.core.groups.Tuple.tuple(14L, State.STATE_KEPT),
                        org.assertj.core.groups.Tuple.tuple(15L, State.STATE_RETIRING));
    }

    @Test
    void purgeRetiresNamedVersionsButNeverWhatIsInUse() throws Exception {
        publish(11, A);
        publish(12, A);
        apply(CatalogTransitions.purge(A, Set.of(11L), "erased", "me@here", NOW));
        assertThat(version(A, 11).getState()).isEqualTo(State.STATE_RETIRING);
        assertThat(refusal(CatalogTransitions.purge(A, Set.of(12L), "erased", "me@here", NOW))
                        .reason())
                .isEqualTo(Reason.IN_USE);
    }

    @Test
    void purgeSparesWhatAPublicationInProgressBuildsOnAndTakesWhatWasRolledBack() throws Exception {
        publish(11, A);
        publish(12, A);
        rollback(A, 11);
        apply(begin(13, A));
        assertThat(refusal(CatalogTransitions.purge(A, Set.of(11L), "erased", "me@here", NOW)))
                .hasMessage("a.v1: version 1 is current or the parent of a publication in progress");
        apply(CatalogTransitions.purge(A, Set.of(12L), "erased", "me@here", NOW));
        assertThat(version(A, 12).getState()).isEqualTo(State.STATE_RETIRING);
        assertThat(refusal(rollbackTo(A, 12)).reason()).isEqualTo(Reason.RETIRING);
    }

    private static final ByteString HASH_KEY = ByteString.copyFrom(new byte[ErasedHashes.HASH_KEY_BYTES]);

    private static ByteString hash(int number) {
        byte[] hash = new byte[ErasedHashes.HASH_BYTES];
        hash[0] = (byte) (number >>> 8);
        hash[15] = (byte) number;
        return ByteString.copyFrom(hash);
    }

    private static CatalogTransition erase(long generation, ByteString... hashes) {
        return CatalogTransitions.erase(A, generation, HASH_KEY, Set.of(hashes), "a request", "me@here", NOW);
    }

    @Test
    void onlyThePublicationInProgressMayErase() throws Exception {
        publish(11, A);
        assertThat(refusal(erase(11, hash(1))).reason()).isEqualTo(Reason.FENCED);
        apply(begin(12, A));
        assertThat(refusal(erase(11, hash(1))).reason()).isEqualTo(Reason.FENCED);
        apply(erase(12, hash(1)));
        assertThat(catalog.getAudit(0).getDetail()).isEqualTo("1 keys: a request");
    }

    @Test
    void erasedKeysStaySortedAndDistinctThroughRollbacksUntilTheyAreLifted() throws Exception {
        publish(11, A);
        apply(begin(12, A));
        apply(erase(12, hash(300), hash(2)));
        apply(erase(12, hash(2), hash(255)));
        apply(commit(12, A));
        rollback(A, 11);
        assertThat(ErasedHashes.of(entry(A).getErasure())).containsExactly(hash(2), hash(255), hash(300));
        assertThat(catalog.getAuditList())
                .extracting(AuditEntry::getDetail)
                .contains("2 keys: a request", "1 keys: a request");

        apply(CatalogTransitions.lift(A, HASH_KEY, Set.of(hash(2), hash(9)), "came back", "me@here", NOW));
        assertThat(ErasedHashes.of(entry(A).getErasure())).containsExactly(hash(255), hash(300));
        ByteString other = ByteString.copyFrom(new byte[] {1});
        assertThat(refusal(CatalogTransitions.lift(A, other, Set.of(hash(255)), "x", "me@here", NOW))
                        .reason())
                .isEqualTo(Reason.FENCED);
    }

    @Test
    void theListOfErasedKeysIsBounded() throws Exception {
        publish(11, A);
        apply(begin(12, A));
        Set<ByteString> most = new HashSet<>();
        for (int i = 0; i < ErasedHashes.KEYS_MAX; i++) {
            most.add(hash(i));
        }
        apply(CatalogTransitions.erase(A, 12, HASH_KEY, most, "a request", "me@here", NOW));
        CatalogRefusedException refused = refusal(erase(12, hash(60_000)));
        assertThat(refused.reason()).isEqualTo(Reason.CATALOG_FULL);
        assertThat(refused)
                .hasMessage(
                        "a.v1: 4097 erased keys (expected: <= 4096); keys that are gone from the source can be taken off"
                                + " the list with 'penstock erase --lift'");
    }

    @Test
    void aPublicationThatWroteNothingLeavesNothingToRemember() throws Exception {
        publish(11, A);
        apply(begin(12, A));
        apply(CatalogTransitions.abandon(A, 12, NOW));
        assertThat(entry(A).hasSlot()).isFalse();
        assertThat(entry(A).getAbandonedList()).isEmpty();
        assertThat(entry(A).getLastNumber()).isEqualTo(2);
    }

    @Test
    void aFullCatalogRefusesPublicationsButNotRollbacks() throws Exception {
        publish(11, A);
        publish(12, A);
        Catalog.Builder full = catalog.toBuilder();
        DatasetEntry.Builder other = full.addDatasetsBuilder().setName(C);
        for (long generation = 1; full.build().getSerializedSize() <= 448 << 10; generation += 500) {
            for (long each = generation; each < generation + 500; each++) {
                other.addAbandonedBuilder().setGeneration(each).setNumber(each).setAbandonedAt(NOW_STAMP);
            }
        }
        catalog = full.build();
        CatalogRefusedException refused = refusal(begin(13, A));
        assertThat(refused.reason()).isEqualTo(Reason.CATALOG_FULL);
        rollback(A, 11);
        assertThat(CatalogCodec.encode("ns", new WriteId(1, 1), catalog).length)
                .isLessThan(CatalogCodec.VALUE_BYTES_MAX);
    }

    @Test
    void onlyARetiringVersionCanBeCollected() throws Exception {
        publish(11, A);
        publish(12, A);
        assertThat(refusal(CatalogTransitions.collected(A, 11)).reason()).isEqualTo(Reason.IN_USE);
        retireAndCollect(A, 1);
        assertThat(entry(A).getVersionsList())
                .extracting(VersionEntry::getGeneration)
                .containsExactly(12L);
    }

    @Test
    void listsAreBounded() throws Exception {
        for (long generation = 1; generation <= 200; generation++) {
            publish(generation, A);
            apply(CatalogTransitions.audit(A, "override", "x", "me@here", NOW));
            retireAndCollect(A, 1);
        }
        assertThat(entry(A).getMovesCount()).isEqualTo(64);
        assertThat(entry(A).getMoves(63).getRevision()).isEqualTo(200);
        assertThat(catalog.getAuditCount()).isEqualTo(100);
    }

    private void retireAndCollect(String name, int versions) throws Exception {
        apply(CatalogTransitions.retire(name, versions, NOW));
        List<Long> retiring = new ArrayList<>();
        for (VersionEntry version : entry(name).getVersionsList()) {
            if (version.getState() == State.STATE_RETIRING) {
                retiring.add(version.getGeneration());
            }
        }
        for (long generation : retiring) {
            apply(CatalogTransitions.collected(name, generation));
        }
    }

    private void publish(long generation, String... datasets) throws Exception {
        apply(begin(generation, datasets));
        apply(commit(generation, datasets));
    }

    private void rollback(String name, long target) throws Exception {
        apply(rollbackTo(name, target));
    }

    private CatalogTransition rollbackTo(String name, long target) {
        return CatalogTransitions.rollback(name, target, false, ++lastOperation, "me@here", NOW);
    }

    private static CatalogTransition begin(long generation, String... datasets) {
        List<Beginning> beginnings = new ArrayList<>();
        for (String dataset : datasets) {
            beginnings.add(new Beginning(dataset, generation));
        }
        return CatalogTransitions.begin(beginnings, "owner-" + generation, Set.of(), "me@here", NOW);
    }

    private CatalogTransition commit(long generation, String... datasets) {
        List<Committing> commits = new ArrayList<>();
        for (String dataset : datasets) {
            commits.add(new Committing(dataset, generation, null));
        }
        return CatalogTransitions.commit(commits, ++lastOperation, NOW);
    }

    private void apply(CatalogTransition transition) throws CatalogRefusedException {
        catalog = transition.apply(catalog);
    }

    private CatalogRefusedException refusal(CatalogTransition transition) {
        return requireNonNull(
                catchThrowableOfType(CatalogRefusedException.class, () -> transition.apply(catalog)), "it was allowed");
    }

    private DatasetEntry entry(String name) {
        return requireNonNull(CatalogSnapshot.findDataset(catalog, name));
    }

    private VersionEntry version(String name, long generation) {
        return requireNonNull(CatalogSnapshot.findVersion(entry(name), generation));
    }
}
