package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.view.DatasetView;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the near cache shows while versions come and go: every value is a function of key and version. */
class SwapBehaviourTest {
    private static final int KEYS = 60;
    private static final List<Fault> FAULTS = List.of(Fault.UNREACHABLE, Fault.OVERLOADED);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyAnswerIsTheOneOfItsVersionWhateverHappens(long seed) {
        Random random = new Random(seed);
        // A small cache and a small bound on fetches make evictions and refusals common.
        ReadLimits limits = new ReadLimits(
                1_024, 1_000, 1_000, 256 << 10, 64 << 10, 24, 200, Duration.ofMillis(40), Duration.ofMillis(500));
        boolean inPlace = seed % 3 == 0;
        try (ReadRig rig = new ReadRig(limits, seed % 2 == 0 ? 8 << 10 : 1 << 20, ReadMetrics.NONE, inPlace)) {
            Map<Long, Map<String, String>> truth = new HashMap<>();
            publish(rig, truth, random);
            List<Recorded> gets = new ArrayList<>();
            List<String> asked = new ArrayList<>();
            for (int step = 0; step < 600; step++) {
                switch (random.nextInt(24)) {
                    case 0 -> publish(rig, truth, random);
                    case 1 -> rollback(rig);
                    case 2 -> {
                        rig.versions.retire(ReadRig.DATASET, 2);
                        rig.versions.collect(ReadRig.DATASET);
                    }
                    case 3 -> rig.faults.once(Operation.BLOB_READ, FAULTS.get(random.nextInt(2)));
                    case 4 -> rig.faults.always(Fault.FROZEN, Operation.BLOB_READ);
                    case 5 -> rig.faults.stop();
                    case 6 -> rig.advance(Duration.ofMillis(random.nextInt(300)));
                    case 7, 8 -> checkBatch(rig, truth, random);
                    case 9, 10, 11 -> rig.turn();
                    default -> {
                        String key = "k" + random.nextInt(KEYS + 10);
                        asked.add(key);
                        gets.add(rig.get(key));
                    }
                }
            }
            rig.faults.stop();
            rig.advance(Duration.ofSeconds(1));
            int answered = 0;
            for (int i = 0; i < gets.size(); i++) {
                answered += check(gets.get(i), asked.get(i), truth) ? 1 : 0;
            }
            assertThat(answered).isGreaterThan(gets.size() / 3);
            assertThat(rig.lost).isEmpty();
            Loop loop = rig.paths.open().get(0).loop();
            assertThat(loop.fetches.waiters()).isZero();
            assertThat(loop.fetches.fetches()).isZero();
            assertThat(loop.deadlines.size()).isZero();
        }
    }

    private static void publish(ReadRig rig, Map<Long, Map<String, String>> truth, Random random) {
        Map<String, String> rows = new HashMap<>();
        VersionDraft draft = VersionDraft.of(ReadRig.DATASET);
        long number =
                1 + truth.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
        int salt = random.nextInt(3);
        for (int i = 0; i < KEYS; i++) {
            if (random.nextInt(10) > 0) {
                String text = i % 3 == salt ? "v" + number : "stable";
                rows.put("k" + i, text);
                draft.row("k" + i, text);
            }
        }
        truth.put(number, rows);
        rig.versions.publish(draft);
        rig.adopt();
    }

    private static void rollback(ReadRig rig) {
        var entry = rig.versions.entry(ReadRig.DATASET);
        long target = 0;
        for (var version : entry.getVersionsList()) {
            boolean isKept = version.getState() == VersionEntry.State.STATE_KEPT;
            if (isKept && version.getGeneration() != entry.getCurrent()) {
                target = version.getGeneration();
            }
        }
        if (target != 0) {
            rig.versions.rollback(ReadRig.DATASET, target);
            rig.adopt();
        }
    }

    private static void checkBatch(ReadRig rig, Map<Long, Map<String, String>> truth, Random random) {
        rig.faults.stop();
        String[] keys = random.ints(20, 0, KEYS + 10).mapToObj(i -> "k" + i).toArray(String[]::new);
        Recorded batch = rig.batch(keys);
        rig.turn();
        DatasetRows rows = batch.gotBatch().getGroups(0);
        for (int i = 0; i < keys.length; i++) {
            if (rows.getRows(i).getOutcome() != Outcome.OUTCOME_FAILED) {
                String text = expected(truth, rows.getVersionInfo().getVersion(), keys[i]);
                assertThat(rows.getRows(i).getOutcome() == Outcome.OUTCOME_FOUND)
                        .isEqualTo(text != null);
                assertThat(rows.getRows(i).getValue()).isEqualTo(bytes(keys[i], text));
            }
        }
    }

    private static boolean check(Recorded get, String key, Map<Long, Map<String, String>> truth) {
        assertThat(get.isAnswered()).isTrue();
        if (get.isFailure()) {
            assertThat(get.reason().name())
                    .isIn(
                            "REASON_STORE_UNREACHABLE",
                            "REASON_OVERLOADED",
                            "REASON_DEADLINE_EXCEEDED",
                            "REASON_VERSION_LOADING");
            return false;
        }
        GetResponse answer = get.got();
        String text = expected(truth, answer.getVersionInfo().getVersion(), key);
        assertThat(answer.getOutcome()).isEqualTo(text == null ? Outcome.OUTCOME_ABSENT : Outcome.OUTCOME_FOUND);
        assertThat(answer.getValue()).isEqualTo(bytes(key, text));
        return true;
    }

    private static @Nullable String expected(Map<Long, Map<String, String>> truth, long number, String key) {
        Map<String, String> rows = truth.get(number);
        assertThat(rows).as("version " + number).isNotNull();
        return rows == null ? null : rows.get(key);
    }

    private static ByteString bytes(String key, @Nullable String text) {
        return text == null ? ByteString.EMPTY : ByteString.copyFrom(TestContracts.value(key, text));
    }

    @Test
    void aSwapKeepsWhatItDoesNotChangeAndARollbackNeedsNoFlush() {
        try (ReadRig rig = new ReadRig()) {
            rig.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(200, "one").bits(8));
            rig.adopt();
            List<Recorded> first = getAll(rig);
            long second = rig.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(200, "one").row("k7", "two"));
            rig.adopt();
            long before = rig.storeReads();
            getAll(rig);
            int changed = rig.versions.bucketOf(second, "k7");
            long rows = IntStream.range(0, 200)
                    .filter(i -> rig.versions.bucketOf(second, "k" + i) == changed)
                    .count();
            assertThat(rig.storeReads() - before)
                    .as("only the rows of the changed bucket, which were asked for one by one")
                    .isEqualTo(rows);
            rig.versions.rollback(ReadRig.DATASET);
            rig.adopt();
            List<Recorded> back = getAll(rig);
            for (int i = 0; i < back.size(); i++) {
                assertThat(back.get(i).got().getValue())
                        .isEqualTo(first.get(i).got().getValue());
            }
        }
    }

    @Test
    void hotRowsOfChangedBucketsAreThereBeforeTheSwapAndTakeNothingAway() {
        try (ReadRig rig = new ReadRig()) {
            rig.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(200, "one").bits(8));
            rig.adopt();
            getAll(rig);
            DatasetView before = rig.served();
            long next = rig.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(200, "two").bits(8));
            DatasetView after = rig.load(rig.versions.entry(ReadRig.DATASET), next);

            CompletableFuture<Void> done = rig.paths
                    .hotRows()
                    .prefetch(before, after, rig.deadlineIn(Duration.ofSeconds(2)))
                    .toCompletableFuture();
            rig.turn();
            assertThat(done).isCompleted();
            long reads = rig.storeReads();
            getAll(rig)
                    .forEach(get ->
                            assertThat(get.got().getValue().toStringUtf8()).contains("one"));
            rig.adopt();
            getAll(rig)
                    .forEach(get ->
                            assertThat(get.got().getValue().toStringUtf8()).contains("two"));
            assertThat(rig.storeReads())
                    .as("no miss before the swap, none after")
                    .isEqualTo(reads);
        }
    }

    @Test
    void aPrefetchEndsAtItsDeadlineAndWithTheStoreDown() {
        try (ReadRig rig = new ReadRig()) {
            rig.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(200, "one").bits(8));
            rig.adopt();
            getAll(rig);
            long next = rig.versions.publish(
                    VersionDraft.of(ReadRig.DATASET).rows(200, "two").bits(8));
            DatasetView after = rig.load(rig.versions.entry(ReadRig.DATASET), next);
            long reads = rig.storeReads();
            var late = rig.paths.hotRows().prefetch(rig.served(), after, rig.time.nanoTime());
            rig.turn();
            assertThat(late.toCompletableFuture()).isCompleted();
            assertThat(rig.storeReads()).isEqualTo(reads);

            rig.faults.unreachable();
            var down = rig.paths.hotRows().prefetch(rig.served(), after, rig.deadlineIn(Duration.ofSeconds(2)));
            rig.turn();
            assertThat(down.toCompletableFuture()).isCompleted();
        }
    }

    @Test
    void aZeroCacheCachesNothing() {
        try (ReadRig rig = new ReadRig(ReadLimits.DEFAULT, 0)) {
            rig.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(200, "one"));
            rig.adopt();
            getAll(rig);
            assertThat(rig.cache.rows()).isZero();
            assertThat(rig.get("k7").isAnswered()).isFalse();
            rig.turn();
        }
    }

    private static List<Recorded> getAll(ReadRig rig) {
        List<Recorded> gets = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            gets.add(rig.get("k" + i));
            rig.turn();
        }
        return gets;
    }
}
