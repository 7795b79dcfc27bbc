package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ReadOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.RowResult;
import io.penstock.serving.v1.VersionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchGetBehaviourTest {
    private static final String OTHER = "orders.v1";

    private final ReadRig rig = new ReadRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void answersEveryKeyInTheOrderOfTheRequest() {
        long expired = rig.time.millis();
        long version = publish(VersionDraft.of(ReadRig.DATASET)
                .rows(50, "one")
                .row("gone", TestContracts.value("gone", "one"), expired)
                .row("empty", new byte[0], 0)
                .bits(3));
        String[] keys = {"k3", "nobody", "gone", "k3", "empty", "", "k49", "x".repeat(1_025)};
        Recorded cold = rig.batch(keys);
        assertThat(cold.isAnswered()).isFalse();
        rig.turn();
        Recorded warm = rig.batch(keys);

        assertThat(warm.call).isSameAs(ReadCall.ANSWERED);
        DatasetRows expected = DatasetRows.newBuilder()
                .setVersionInfo(VersionInfo.newBuilder()
                        .setVersion(1)
                        .setRevision(1)
                        .setDataAsOf(rig.served().manifest().getDataAsOf()))
                .addRows(found(version, "k3"))
                .addRows(row(version, "nobody", Outcome.OUTCOME_ABSENT))
                .addRows(row(version, "gone", Outcome.OUTCOME_EXPIRED))
                .addRows(found(version, "k3"))
                .addRows(row(version, "empty", Outcome.OUTCOME_FOUND))
                .addRows(failed(Code.INVALID_ARGUMENT_VALUE, Reason.REASON_EMPTY_KEY))
                .addRows(found(version, "k49"))
                .addRows(failed(Code.INVALID_ARGUMENT_VALUE, Reason.REASON_KEY_TOO_LONG))
                .build();
        assertThat(cold.gotBatch().getGroupsList()).containsExactly(expected);
        assertThat(warm.bytes()).isEqualTo(cold.bytes());
        assertThat(rig.storeReads()).isLessThanOrEqualTo(8);
    }

    @Test
    void answersGroupsByThemselves() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        publish(VersionDraft.of(OTHER).rows(10, "other"));
        Recorded batch = rig.batch(
                ReadRig.keys("k1").build(),
                group("No Such", "k1"),
                group("unknown.v1", "k1"),
                group(OTHER, "k1", "k2"),
                with(options -> options.setIfGeneration(5)),
                with(options -> options.addFields(0)),
                with(options -> options.setVersion(9)),
                with(options -> options.setMinRevision(9)),
                with(options -> options.setMaxAge(
                        com.google.protobuf.Duration.newBuilder().setNanos(1))),
                DatasetKeys.getDefaultInstance(),
                group(OTHER));
        rig.turn();
        BatchGetResponse response = batch.gotBatch();
        assertThat(response.getGroupsList().stream().map(DatasetRows::getReason))
                .containsExactly(
                        Reason.REASON_UNSPECIFIED,
                        Reason.REASON_INVALID_DATASET,
                        Reason.REASON_UNKNOWN_DATASET,
                        Reason.REASON_UNSPECIFIED,
                        Reason.REASON_MALFORMED_REQUEST,
                        Reason.REASON_INVALID_FIELD,
                        Reason.REASON_UNKNOWN_VERSION,
                        Reason.REASON_REVISION_NOT_REACHED,
                        Reason.REASON_TOO_OLD,
                        Reason.REASON_INVALID_DATASET,
                        Reason.REASON_UNSPECIFIED);
        for (DatasetRows group : response.getGroupsList()) {
            boolean isFailed = group.getReason() != Reason.REASON_UNSPECIFIED;
            assertThat(group.getCode()).isEqualTo(isFailed ? ReadFailures.code(group.getReason()) : 0);
            assertThat(group.hasVersionInfo()).isEqualTo(!isFailed);
        }
        assertThat(response.getGroups(0).getRows(0).getValue())
                .isEqualTo(ByteString.copyFrom(TestContracts.value("k1", "one")));
        assertThat(response.getGroups(3).getRows(1).getValue())
                .isEqualTo(ByteString.copyFrom(TestContracts.value("k2", "other")));
        assertThat(response.getGroups(10).getRowsCount()).isZero();
        assertThat(rig.refreshes).isEqualTo(1);
    }

    @Test
    void answersAnEmptyBatch() {
        assertThat(rig.batch(new byte[0], ReadPath.NO_DEADLINE).gotBatch())
                .isEqualTo(BatchGetResponse.getDefaultInstance());
    }

    @Test
    void readsAllGroupsFromOneView() {
        publishBoth("one");
        rig.faults.freeze();
        Recorded slow = rig.batch(ReadRig.keys("k1").build(), group(OTHER, "k1"));
        publishBoth("two");
        rig.faults.stop();
        rig.turn();
        assertThat(slow.gotBatch().getGroupsList().stream()
                        .map(group -> group.getVersionInfo().getVersion()))
                .containsExactly(1L, 1L);
        Recorded next = rig.batch(ReadRig.keys("k1").build(), group(OTHER, "k1"));
        rig.turn();
        assertThat(next.gotBatch().getGroupsList().stream()
                        .map(group -> group.getVersionInfo().getVersion()))
                .containsExactly(2L, 2L);
    }

    @Test
    void startsAllGroupsOverWhenTheVersionOfOneIsRetired() {
        publishBoth("one");
        Recorded warm = rig.batch(ReadRig.keys("k1").build());
        rig.turn();
        assertThat(warm.isAnswered()).isTrue();
        rig.versions.publishTogether(draft(ReadRig.DATASET, "two"), draft(OTHER, "two"));
        rig.versions.retire(OTHER, 1);
        rig.versions.collect(OTHER);

        Recorded batch = rig.batch(ReadRig.keys("k1").build(), group(OTHER, "k1"));
        rig.turn();
        assertThat(batch.gotBatch().getGroupsList().stream()
                        .map(group -> group.getVersionInfo().getVersion()))
                .containsExactly(2L, 2L);
        assertThat(batch.gotBatch().getGroups(0).getRows(0).getValue())
                .isEqualTo(ByteString.copyFrom(TestContracts.value("k1", "two")));
    }

    @Test
    void refusesTooManyKeysOrBytes() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        DatasetKeys.Builder many = ReadRig.keys();
        for (int i = 0; i < 1_000; i++) {
            many.addKeys("k" + i % 10);
        }
        Recorded most = rig.batch(many.build());
        rig.turn();
        assertThat(most.gotBatch().getGroups(0).getRowsCount()).isEqualTo(1_000);

        Recorded tooMany = rig.batch(many.build(), group(ReadRig.DATASET, "k1"));
        assertThat(tooMany.failed())
                .isEqualTo(new Failure(
                        Reason.REASON_TOO_MANY_KEYS,
                        Code.INVALID_ARGUMENT_VALUE,
                        "the batch has more than 1000 keys or groups (limits.batch_keys); split it",
                        "limits.batch_keys",
                        1_000));
        DatasetKeys.Builder large = ReadRig.keys();
        for (int i = 0; i < 300; i++) {
            large.addKeys("x".repeat(1_000));
        }
        assertThat(rig.batch(large.build()).failed())
                .isEqualTo(new Failure(
                        Reason.REASON_TOO_MANY_KEYS,
                        Code.INVALID_ARGUMENT_VALUE,
                        "the request is larger than 262144 bytes (limits.request_bytes); split it",
                        "limits.request_bytes",
                        262_144));
        BatchGetRequest.Builder groups = BatchGetRequest.newBuilder();
        for (int i = 0; i < 1_001; i++) {
            groups.addGroups(DatasetKeys.getDefaultInstance());
        }
        assertThat(rig.batch(groups.build().toByteArray(), ReadPath.NO_DEADLINE).reason())
                .isEqualTo(Reason.REASON_TOO_MANY_KEYS);
        assertThat(rig.batch(new byte[] {0x0A, 0x05, 1}, ReadPath.NO_DEADLINE).reason())
                .isEqualTo(Reason.REASON_MALFORMED_REQUEST);
    }

    @Test
    void failsTheRowsThatDoNotFitIntoTheAnswer() {
        ReadLimits small = new ReadLimits(
                1_024, 1_000, 1_000, 256 << 10, 64 << 10, 1_000, 1_000, Duration.ofMillis(40), Duration.ofSeconds(1));
        try (ReadRig tight = new ReadRig(small, 1 << 20)) {
            VersionDraft draft = VersionDraft.of(ReadRig.DATASET);
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                draft.row("k" + i, new byte[1_000 + i], 0);
                keys.add("k" + i);
            }
            tight.versions.publish(draft);
            tight.adopt();
            Recorded batch = tight.batch(keys.toArray(new String[0]));
            tight.turn();
            assertThat(batch.bytes().length).isBetween((64 << 10) - 1_200, 64 << 10);
            List<RowResult> rows = batch.gotBatch().getGroups(0).getRowsList();
            assertThat(rows.get(0).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            assertThat(rows.get(99)).isEqualTo(failed(Code.RESOURCE_EXHAUSTED_VALUE, Reason.REASON_RESPONSE_TOO_LARGE));
        }
    }

    @Test
    void sendsTheRowsBeforeTheFirstThatDoesNotFit() {
        assertThat(outcomesOfLargeRows(false)).isEqualTo(outcomesOfLargeRows(true));
    }

    /** The outcomes, none of which may depend on when the store answers. */
    private static List<Outcome> outcomesOfLargeRows(boolean inPlace) {
        ReadLimits small = new ReadLimits(
                1_024, 1_000, 1_000, 256 << 10, 64 << 10, 1_000, 1_000, Duration.ofMillis(40), Duration.ofSeconds(1));
        try (ReadRig tight = new ReadRig(small, 1 << 10, ReadMetrics.NONE, inPlace)) {
            VersionDraft draft = VersionDraft.of(ReadRig.DATASET).bits(8);
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                draft.row("k" + i, new byte[10_000 + i], 0);
                keys.add("k" + i);
            }
            keys.add("nobody");
            keys.add("");
            tight.versions.publish(draft);
            tight.adopt();
            Recorded batch = tight.batch(keys.toArray(new String[0]));
            tight.turn();
            List<RowResult> rows = batch.gotBatch().getGroups(0).getRowsList();
            List<Outcome> outcomes = rows.stream().map(RowResult::getOutcome).toList();
            assertThat(outcomes.subList(0, 6)).containsOnly(Outcome.OUTCOME_FOUND);
            assertThat(outcomes.subList(6, 202)).containsOnly(Outcome.OUTCOME_FAILED);
            assertThat(rows.subList(6, 201)).allMatch(row -> row.getReason() == Reason.REASON_RESPONSE_TOO_LARGE);
            assertThat(rows.get(201).getReason()).isEqualTo(Reason.REASON_EMPTY_KEY);
            if (inPlace) {
                assertThat(tight.storeReads()).isLessThan(150); // none for keys that would not fit
            }
            return outcomes;
        }
    }

    private void publishBoth(String text) {
        rig.versions.publishTogether(draft(ReadRig.DATASET, text), draft(OTHER, text));
        rig.adopt();
    }

    private static VersionDraft draft(String dataset, String text) {
        return VersionDraft.of(dataset).rows(10, text);
    }

    private long publish(VersionDraft draft) {
        long generation = rig.versions.publish(draft);
        rig.adopt();
        return generation;
    }

    private static DatasetKeys group(String dataset, String... keys) {
        return DatasetKeys.newBuilder()
                .setDataset(dataset)
                .addAllKeys(List.of(keys))
                .build();
    }

    private static DatasetKeys with(Consumer<ReadOptions.Builder> change) {
        DatasetKeys.Builder group = ReadRig.keys("k1");
        change.accept(group.getOptionsBuilder());
        return group.build();
    }

    private RowResult found(long version, String key) {
        return row(version, key, Outcome.OUTCOME_FOUND).toBuilder()
                .setValue(ByteString.copyFrom(TestContracts.value(key, "one")))
                .build();
    }

    private RowResult row(long version, String key, Outcome outcome) {
        return RowResult.newBuilder()
                .setOutcome(outcome)
                .setGeneration(rig.versions.bucketGeneration(version, key))
                .build();
    }

    private static RowResult failed(int code, Reason reason) {
        return RowResult.newBuilder()
                .setOutcome(Outcome.OUTCOME_FAILED)
                .setCode(code)
                .setReason(reason)
                .build();
    }
}
