package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ReadOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.RowResult;
import io.penstock.store.Remedies;
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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a look-up does when it has to ask the store, and when the store has nothing, nonsense or nothing to say. */
class MissBehaviourTest {
    private final ReadRig rig = new ReadRig();
    private long version;

    @BeforeEach
    void publish() {
        version = rig.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(40, "one"));
        rig.adopt();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void fiveThousandCallsOnOneColdKeyAreOneFetch() {
        List<Recorded> calls = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            calls.add(rig.get("k7"));
        }
        rig.turn();
        assertThat(rig.storeReads()).isEqualTo(1);
        assertThat(calls)
                .allSatisfy(
                        call -> assertThat(call.bytes()).isEqualTo(calls.get(0).bytes()));
        assertThat(found(calls.get(0))).isEqualTo(value("k7", "one"));
    }

    @Test
    void keysOfOneBucketShareAFetchAndMissesOfATurnShareAFlush() {
        List<Recorded> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(rig.get("k" + i));
        }
        assertThat(rig.storeReads()).isLessThanOrEqualTo(16);
        assertThat(rig.loop.runTurn()).as("tasks of the turn: one flush").isEqualTo(1);
        for (int i = 0; i < 40; i++) {
            assertThat(found(calls.get(i))).isEqualTo(value("k" + i, "one"));
        }
    }

    @Test
    void anOverdueCallCostsNoCommand() {
        Recorded get = rig.get(request("k7"), rig.time.nanoTime());
        Recorded batch = rig.batch(rig.time.nanoTime() - 1, ReadRig.keys("k7").build());
        rig.turn();
        assertThat(get.failed().code()).isEqualTo(Code.DEADLINE_EXCEEDED_VALUE);
        assertThat(batch.failed().code()).isEqualTo(Code.DEADLINE_EXCEEDED_VALUE);
        assertThat(rig.storeReads()).isZero();
    }

    @Test
    void aFrozenStoreCostsTheDeadlineAndNotMore() {
        rig.faults.freeze();
        long deadline = rig.deadlineIn(Duration.ofMillis(20));
        Recorded get = rig.get(request("k7"), deadline);
        Recorded batch = rig.batch(deadline, ReadRig.keys("k7", "k8").build());
        Recorded patient = rig.get(request("k7"), rig.deadlineIn(Duration.ofMillis(200)));
        rig.turn();
        assertThat(get.isAnswered()).isFalse();
        rig.advance(Duration.ofMillis(25));

        assertThat(get.failed())
                .isEqualTo(new Failure(
                        Reason.REASON_DEADLINE_EXCEEDED,
                        Code.DEADLINE_EXCEEDED_VALUE,
                        "default/customer-360.v1: the deadline passed, or 5000 ms (limits.read_time), before the answer"
                                + " was there"));
        assertThat(get.answeredAtNanos - deadline).isBetween(0L, 5_000_000L);
        assertThat(batch.answeredAtNanos - deadline).isBetween(0L, 5_000_000L);
        assertThat(rows(batch)).allSatisfy(row -> {
            assertThat(row.getOutcome()).isEqualTo(Outcome.OUTCOME_FAILED);
            assertThat(row.getCode()).isEqualTo(Code.DEADLINE_EXCEEDED_VALUE);
            assertThat(row.getReason()).isEqualTo(Reason.REASON_DEADLINE_EXCEEDED);
        });
        assertThat(patient.isAnswered())
                .as("no waiter's deadline cancels the fetch")
                .isFalse();

        rig.faults.stop();
        rig.turn();
        assertThat(found(patient)).isEqualTo(value("k7", "one"));
        assertThat(rig.get("k7").isAnswered())
                .as("a late answer still fills the cache")
                .isTrue();
    }

    @Test
    void aStoreSlowerThanItsCallersStillWarmsTheCache() {
        rig.faults.always(Fault.SLOW, Operation.BLOB_READ);
        long deadline = rig.deadlineIn(Duration.ofMillis(10));
        Recorded get = rig.get(request("k7"), deadline);
        Recorded batch = rig.batch(deadline, ReadRig.keys(keyElsewhere("k7")).build());
        rig.advance(Duration.ofMillis(15));
        assertThat(get.reason()).isEqualTo(Reason.REASON_DEADLINE_EXCEEDED);
        assertThat(rows(batch).get(0).getReason()).isEqualTo(Reason.REASON_DEADLINE_EXCEEDED);
        rig.faults.stop();
        rig.turn();
        assertThat(rig.get("k7").isAnswered()).isTrue();
        assertThat(rig.batch(keyElsewhere("k7")).isAnswered()).isTrue();
        assertThat(rig.storeReads()).isEqualTo(2);
    }

    @Test
    void aLossNobodyWaitsForCostsNoSecondLook() {
        rig.versions.lose(address("k7"));
        rig.faults.always(Fault.SLOW, Operation.BLOB_READ);
        rig.get(request("k7"), rig.deadlineIn(Duration.ofMillis(10)));
        rig.advance(Duration.ofMillis(15));
        rig.faults.stop();
        rig.turn();
        assertThat(rig.storeReads()).isEqualTo(1);
        assertThat(rig.rechecks).isZero();
    }

    @Test
    void aCallWithoutADeadlineIsBoundedByTheServersOwn() {
        rig.faults.freeze();
        Recorded get = rig.get("k7");
        rig.advance(ReadLimits.DEFAULT.readTime().plusMillis(5));
        assertThat(get.reason()).isIn(Reason.REASON_DEADLINE_EXCEEDED, Reason.REASON_STORE_UNREACHABLE);
        rig.faults.stop();
        Recorded again = rig.get("k7");
        rig.turn();
        assertThat(found(again))
                .as("a fetch that was given up is in nobody's way")
                .isEqualTo(value("k7", "one"));
    }

    @Test
    void aStormOfCancellationsLeavesNothingBehind() {
        rig.faults.freeze();
        Recorded stays = rig.get("k7");
        for (int i = 0; i < 200_000; i++) {
            Recorded cancelled = rig.get("k" + i % 40);
            cancelled.call.cancel();
            cancelled.call.cancel();
            assertThat(cancelled.isAnswered()).isFalse();
        }
        for (int i = 0; i < 1_000; i++) {
            rig.batch("k1", "k2", "k3").call.cancel();
        }
        Loop loop = rig.paths.open().get(0).loop();
        assertThat(loop.fetches.waiters()).isEqualTo(1);
        assertThat(loop.deadlines.size())
                .as("of who stays, and one of all fetches")
                .isEqualTo(2);
        rig.faults.stop();
        rig.turn();
        assertThat(found(stays)).isEqualTo(value("k7", "one"));
        assertThat(loop.fetches.waiters()).isZero();
        assertThat(loop.fetches.fetches()).isZero();
        assertThat(loop.deadlines.size()).isZero();
    }

    @Test
    void aLaggingReplicaIsNotALoss() {
        rig.faults.lag(address("k7"));
        Recorded get = rig.get("k7");
        rig.turn();
        assertThat(found(get)).isEqualTo(value("k7", "one"));
        assertThat(rig.storeReads()).isEqualTo(2);
        assertThat(rig.rechecks).isZero();
    }

    @Test
    void aLostBucketIsDataLossForItsKeysAndRightForOthers() {
        rig.versions.lose(address("k7"));
        Recorded get = rig.get("k7");
        Recorded batch = rig.batch("k7", keyElsewhere("k7"));
        rig.turn();
        assertThat(get.failed())
                .isEqualTo(new Failure(
                        Reason.REASON_BUCKET_LOST,
                        Code.DATA_LOSS_VALUE,
                        "default/customer-360.v1: the bucket of the key is listed in the manifest and missing in the"
                                + " store; " + Remedies.LOST_DATA));
        assertThat(rows(batch).get(0).getOutcome()).isEqualTo(Outcome.OUTCOME_FAILED);
        assertThat(rows(batch).get(0).getCode()).isEqualTo(Code.DATA_LOSS_VALUE);
        assertThat(rows(batch).get(0).getReason()).isEqualTo(Reason.REASON_BUCKET_LOST);
        assertThat(rows(batch).get(1).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(rig.lost)
                .containsExactly("default/" + ReadRig.DATASET + " "
                        + address("k7").generation() + " " + address("k7").number());
        assertThat(rig.rechecks).isEqualTo(1);
    }

    @Test
    void aFlippedBitIsDataLossAndNeverWrongBytes() {
        for (int i = 0; i < 40; i++) {
            rig.faults.corrupt(address("k" + i));
        }
        for (int i = 0; i < 40; i++) {
            Recorded get = rig.get("k" + i);
            rig.turn();
            assertThat(get.failed().code()).isEqualTo(Code.DATA_LOSS_VALUE);
            assertThat(get.reason()).isEqualTo(Reason.REASON_BUCKET_CORRUPT);
        }
        for (int i = 0; i < 40; i++) {
            rig.faults.heal(address("k" + i));
        }
        Recorded healed = rig.get("k7");
        rig.turn();
        assertThat(found(healed)).isEqualTo(value("k7", "one"));
    }

    @Test
    void aBucketWithARightSealThatMakesNoSenseIsCorruptToo() {
        replaceBucket("k7", new byte[] {0x0A, 0x7F, 1, 2, 3});
        Recorded get = rig.get("k7");
        Recorded batch = rig.batch("k7", keyElsewhere("k7"));
        rig.turn();
        assertThat(get.reason()).isEqualTo(Reason.REASON_BUCKET_CORRUPT);
        assertThat(rows(batch).get(0).getReason()).isEqualTo(Reason.REASON_BUCKET_CORRUPT);
        assertThat(rows(batch).get(1).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(rig.rechecks).isEqualTo(1);
    }

    @Test
    void aVersionRetiredUnderASlowReaderIsReadAgainOnTheNewView() {
        BlobAddress address = address("k7");
        rig.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(40, "two"));
        rig.versions.retire(ReadRig.DATASET, 1);
        rig.versions.collect(ReadRig.DATASET);
        assertThat(rig.versions.get(address)).isNull();

        Recorded get = rig.get("k7");
        Recorded batch = rig.batch("k7", "k8", keyElsewhere("k7"));
        rig.turn();
        assertThat(found(get)).isEqualTo(value("k7", "two"));
        assertThat(get.got().getVersionInfo().getVersion()).isEqualTo(2);
        assertThat(batch.gotBatch().getGroups(0).getVersionInfo().getVersion()).isEqualTo(2);
        assertThat(rows(batch)).allSatisfy(row -> assertThat(row.getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND));
        assertThat(rig.lost).isEmpty();
    }

    @Test
    void aPinnedVersionRetiredUnderAReaderIsRetired() {
        rig.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(40, "two"));
        rig.adopt();
        ReadOptions first = ReadOptions.newBuilder().setVersion(1).build();
        rig.faults.freeze();
        Recorded get = rig.get("k7", first);
        rig.versions.retire(ReadRig.DATASET, 1);
        rig.versions.collect(ReadRig.DATASET);
        rig.faults.stop();
        rig.turn();
        assertThat(get.failed().code()).isEqualTo(Code.NOT_FOUND_VALUE);
        assertThat(get.reason()).isEqualTo(Reason.REASON_VERSION_RETIRED);
    }

    @Test
    void withoutTheCatalogALossIsNotClaimed() {
        rig.versions.lose(address("k7"));
        rig.isCatalogReachable = false;
        Recorded get = rig.get("k7");
        rig.turn();
        assertThat(get.failed().code()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(get.reason()).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        assertThat(rig.lost).isEmpty();
    }

    @Test
    void anUnreachableStoreFailsMissesAndServesHits() {
        Recorded warm = rig.get("k7");
        rig.turn();
        rig.faults.unreachable();
        String cold = keyElsewhere("k7");
        Recorded miss = rig.get(cold);
        Recorded batch = rig.batch("k7", cold);
        rig.turn();
        assertThat(rig.get("k7").got()).isEqualTo(warm.got());
        assertThat(miss.failed())
                .isEqualTo(new Failure(
                        Reason.REASON_STORE_UNREACHABLE,
                        Code.UNAVAILABLE_VALUE,
                        "default/customer-360.v1: the store does not answer; try another server or later"));
        assertThat(rows(batch).get(0).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(rows(batch).get(1).getReason()).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        assertThat(rig.rechecks).isZero();
    }

    @Test
    void anOverloadedStoreIsSaidToBe() {
        rig.faults.once(Operation.BLOB_READ, Fault.OVERLOADED);
        Recorded get = rig.get("k7");
        rig.turn();
        assertThat(get.failed().code()).isEqualTo(Code.RESOURCE_EXHAUSTED_VALUE);
        assertThat(get.reason()).isEqualTo(Reason.REASON_OVERLOADED);
    }

    @Test
    void refusesMoreReadsOrFetchesThanItsLimits() {
        ReadLimits tight = new ReadLimits(
                1_024, 1_000, 1_000, 256 << 10, 64 << 10, 2, 3, Duration.ofMillis(40), Duration.ofSeconds(1));
        try (ReadRig small = new ReadRig(tight, 1 << 20)) {
            small.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(400, "one").bits(8));
            small.adopt();
            small.faults.freeze();
            Recorded first = small.get("k1");
            Recorded second = small.get("k2");
            Recorded third = small.get("k3");
            assertThat(third.failed().message())
                    .isEqualTo("default/customer-360.v1: more than 3 reads (limits.pending_reads) or 2 fetches"
                            + " (limits.pending_fetches) wait on this event loop, or the store is slow"
                            + " (limits.slow_fetch) or its queue is full; try another server or later");
            Recorded joined = small.get("k1");
            Recorded tooMany = small.get("k1");
            assertThat(tooMany.reason()).isEqualTo(Reason.REASON_OVERLOADED);
            Recorded batch = small.batch("k1", "k4");
            assertThat(batch.gotBatch().getGroups(0).getRowsList())
                    .allSatisfy(row -> assertThat(row.getReason()).isEqualTo(Reason.REASON_OVERLOADED));
            small.faults.stop();
            small.turn();
            for (Recorded each : List.of(first, second, joined)) {
                assertThat(each.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            }
        }
    }

    @Test
    void aSlowStoreIsAskedForLessAndHitsDoNotNotice() {
        int bound = FetchLimit.FETCHES_MIN + 60;
        ReadLimits limits = new ReadLimits(
                1_024, 1_000, 1_000, 256 << 10, 64 << 10, bound, 1_000, Duration.ofMillis(40), Duration.ofSeconds(5));
        try (ReadRig slow = new ReadRig(limits, 1 << 20)) {
            slow.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(1_000, "one").bits(12));
            slow.adopt();
            for (int i = 0; i < 20; i++) {
                slow.faults.freeze();
                Recorded late = slow.get("k" + i);
                slow.turn();
                slow.advance(Duration.ofMillis(50));
                slow.faults.stop();
                slow.turn();
                assertThat(late.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            }
            assertThat(slow.paths.fetchLimit()).isEqualTo(FetchLimit.FETCHES_MIN);

            slow.faults.freeze();
            long before = slow.storeReads();
            List<Recorded> misses = new ArrayList<>();
            for (int i = 100; i < 1_000; i++) {
                misses.add(slow.get("k" + i));
            }
            assertThat(slow.storeReads() - before).isEqualTo(FetchLimit.FETCHES_MIN);
            assertThat(misses.get(misses.size() - 1).reason()).isEqualTo(Reason.REASON_OVERLOADED);
            assertThat(slow.get("k3").got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);

            slow.faults.stop();
            slow.turn();
            assertThat(misses.get(0).got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            assertThat(slow.paths.fetchLimit()).isGreaterThan(FetchLimit.FETCHES_MIN);
        }
    }

    @Test
    void waitsForTheCatalogNoLongerThanTheDeadline() {
        rig.heldRefresh = new CompletableFuture<>();
        ReadOptions ahead = ReadOptions.newBuilder().setMinRevision(9).build();
        long deadline = rig.deadlineIn(Duration.ofMillis(30));
        Recorded get = rig.get(
                GetRequest.newBuilder()
                        .setDataset(ReadRig.DATASET)
                        .setKey("k7")
                        .setOptions(ahead)
                        .build()
                        .toByteArray(),
                deadline);
        Recorded batch =
                rig.batch(deadline, ReadRig.keys("k7").setOptions(ahead).build());
        rig.advance(Duration.ofMillis(35));
        assertThat(get.reason()).isEqualTo(Reason.REASON_DEADLINE_EXCEEDED);
        assertThat(rows(batch).get(0).getReason()).isEqualTo(Reason.REASON_DEADLINE_EXCEEDED);
        assertThat(rig.paths.open().get(0).loop().fetches.waiters()).isZero();
        assertThat(rig.refreshes).isEqualTo(1);
        rig.heldRefresh.complete(null);
        rig.turn();
        assertThat(rig.storeReads()).isZero();
        assertThat(rig.paths.open().get(0).loop().fetches.waiters()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noBucketWithARightSealBreaksIt(long seed) {
        Random random = new Random(seed);
        byte[] sealed = Objects.requireNonNull(rig.versions.get(address("k7")));
        byte[] right = Arrays.copyOf(sealed, sealed.length - Seal.BYTES);
        try (ReadRig uncached = new ReadRig(ReadLimits.DEFAULT, 0)) {
            long its =
                    uncached.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(40, "one"));
            uncached.adopt();
            BlobAddress address = uncached.versions.addressOf(ReadRig.DATASET, its, "k7");
            for (int i = 0; i < 500; i++) {
                byte[] body = right.clone();
                for (int flips = random.nextInt(6); flips > 0; flips--) {
                    body[random.nextInt(body.length)] = (byte) random.nextInt();
                }
                uncached.versions.lose(address);
                uncached.versions.put(Blob.of(address, Arrays.copyOf(body, random.nextInt(body.length + 10))));
                Recorded get = uncached.get("k7");
                Recorded batch = uncached.batch("k7", "k7");
                uncached.turn();
                if (get.isFailure()) {
                    assertThat(get.reason()).isEqualTo(Reason.REASON_BUCKET_CORRUPT);
                }
                assertThat(rows(batch)).hasSize(2);
            }
        }
    }

    @Test
    void aStoreThatAnswersInPlaceNeedsOneFlushATurnAndNoDeadline() {
        try (ReadRig embedded = new ReadRig(ReadLimits.DEFAULT, 1 << 20, ReadMetrics.NONE, true)) {
            long its =
                    embedded.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(40, "one"));
            embedded.adopt();
            assertThat(found(embedded.get("k7"))).isEqualTo(value("k7", "one"));
            assertThat(rows(embedded.batch("k1", "k2", "k3", "nobody", "k1")))
                    .extracting(RowResult::getOutcome)
                    .contains(Outcome.OUTCOME_FOUND, Outcome.OUTCOME_ABSENT);
            assertThat(embedded.loop.runTurn())
                    .as("the flush, and nothing else")
                    .isEqualTo(1);
            assertThat(embedded.loop.runTurn()).isZero();

            embedded.versions.lose(embedded.versions.addressOf(ReadRig.DATASET, its, "k9"));
            Recorded lost = embedded.get("k9");
            Recorded lostInBatch = embedded.batch("k9", "k9");
            embedded.turn();
            assertThat(lost.reason()).isEqualTo(Reason.REASON_BUCKET_LOST);
            assertThat(rows(lostInBatch).get(1).getReason()).isEqualTo(Reason.REASON_BUCKET_LOST);
        }
    }

    @Test
    void closingAnswersWhatWaits() {
        rig.faults.freeze();
        Recorded get = rig.get("k7");
        Recorded batch = rig.batch("k8");
        rig.path.close();
        assertThat(get.reason()).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        assertThat(rows(batch).get(0).getReason()).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        assertThat(rig.get("k7").reason()).isEqualTo(Reason.REASON_STORE_UNREACHABLE);
        rig.faults.stop();
        rig.turn();
    }

    private void replaceBucket(String key, byte[] body) {
        BlobAddress address = address(key);
        rig.versions.lose(address);
        rig.versions.put(Blob.of(address, body));
    }

    private BlobAddress address(String key) {
        return rig.versions.addressOf(ReadRig.DATASET, version, key);
    }

    private String keyElsewhere(String key) {
        int bucket = rig.versions.bucketOf(version, key);
        for (int i = 0; i < 40; i++) {
            if (rig.versions.bucketOf(version, "k" + i) != bucket) {
                return "k" + i;
            }
        }
        throw new AssertionError("all keys are in one bucket");
    }

    private static byte[] request(String key) {
        return GetRequest.newBuilder()
                .setDataset(ReadRig.DATASET)
                .setKey(key)
                .build()
                .toByteArray();
    }

    private static List<RowResult> rows(Recorded batch) {
        BatchGetResponse response = batch.gotBatch();
        return response.getGroups(0).getRowsList();
    }

    private static ByteString found(Recorded get) {
        assertThat(get.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        return get.got().getValue();
    }

    private static ByteString value(String key, String text) {
        return ByteString.copyFrom(TestContracts.value(key, text));
    }
}
