package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.rpc.Code;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ReadOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.VersionInfo;
import io.penstock.serving.view.CatalogStatus;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GetBehaviourTest {
    private final ReadRig rig = new ReadRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void answersARowFromTheStoreAndThenFromTheCache() {
        long version = publish(VersionDraft.of(ReadRig.DATASET).rows(100, "one"));

        Recorded cold = rig.get("k7");
        assertThat(cold.isAnswered()).isFalse();
        rig.turn();
        Recorded warm = rig.get("k7");

        assertThat(warm.isAnswered()).isTrue();
        assertThat(warm.call).isSameAs(ReadCall.ANSWERED);
        assertThat(rig.storeReads()).isEqualTo(1);
        GetResponse expected = GetResponse.newBuilder()
                .setOutcome(Outcome.OUTCOME_FOUND)
                .setValue(ByteString.copyFrom(TestContracts.value("k7", "one")))
                .setVersionInfo(VersionInfo.newBuilder()
                        .setVersion(1)
                        .setRevision(1)
                        .setDataAsOf(rig.served().manifest().getDataAsOf()))
                .setGeneration(rig.versions.bucketGeneration(version, "k7"))
                .build();
        assertThat(cold.got()).isEqualTo(expected);
        assertThat(warm.bytes()).isEqualTo(cold.bytes()).isEqualTo(expected.toByteArray());
    }

    @Test
    void answersFromAnyPartOfAnArray() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        byte[] request = request("k1").toByteArray();
        byte[] padded = new byte[request.length + 9];
        System.arraycopy(request, 0, padded, 4, request.length);
        for (ByteBuffer buffer : new ByteBuffer[] {
            ByteBuffer.wrap(padded, 4, request.length),
            ByteBuffer.wrap(padded, 4, request.length).slice()
        }) {
            Recorded answer = new Recorded(rig.time);
            int position = buffer.position();
            rig.path.get(buffer, ReadPath.NO_DEADLINE, answer);
            rig.turn();
            assertThat(answer.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            assertThat(buffer.position()).isEqualTo(position);
        }
    }

    @Test
    void findsADatasetByItsFullNameToo() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        Recorded answer = rig.get(request("k1").toBuilder()
                .setDataset("default/" + ReadRig.DATASET)
                .build());
        rig.turn();
        assertThat(answer.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void answersAnEmptyValueAsFound() {
        publish(VersionDraft.of(ReadRig.DATASET).row("empty", new byte[0], 0));
        Recorded answer = rig.get("empty");
        rig.turn();
        assertThat(answer.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(answer.got().getValue()).isEmpty();
    }

    @Test
    void answersAbsentForAnEmptyBucketWithoutTheStore() {
        publish(VersionDraft.of(ReadRig.DATASET).row("only", "one").bits(12));
        Recorded answer = rig.get("nobody");
        assertThat(answer.got().getOutcome()).isEqualTo(Outcome.OUTCOME_ABSENT);
        assertThat(answer.got().getGeneration()).isZero();
        assertThat(rig.storeReads()).isZero();
    }

    @Test
    void cachesAbsences() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(50, "one").bits(1));
        Recorded cold = rig.get("nobody");
        rig.turn();
        Recorded warm = rig.get("nobody");
        assertThat(cold.got().getOutcome()).isEqualTo(Outcome.OUTCOME_ABSENT);
        assertThat(cold.got().getGeneration()).isNotZero();
        assertThat(warm.bytes()).isEqualTo(cold.bytes());
        assertThat(rig.storeReads()).isEqualTo(1);
    }

    @Test
    void answersUnchangedWithoutTheValue() {
        long version = publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        long generation = rig.versions.bucketGeneration(version, "k1");
        ReadOptions same = ReadOptions.newBuilder().setIfGeneration(generation).build();
        Recorded cold = rig.get("k1", same);
        rig.turn();
        Recorded warm = rig.get("k1", same);
        Recorded other =
                rig.get("k1", same.toBuilder().setIfGeneration(generation + 1).build());
        assertThat(cold.got().getOutcome()).isEqualTo(Outcome.OUTCOME_UNCHANGED);
        assertThat(cold.got().getGeneration()).isEqualTo(generation);
        assertThat(warm.bytes()).isEqualTo(cold.bytes());
        assertThat(other.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void answersExpiredBeforeUnchanged() {
        long expiresAt = rig.time.millis() + 1_000;
        long version = publish(VersionDraft.of(ReadRig.DATASET).row("k1", TestContracts.value("k1", "one"), expiresAt));
        ReadOptions same = ReadOptions.newBuilder()
                .setIfGeneration(rig.versions.bucketGeneration(version, "k1"))
                .build();
        Recorded before = rig.get("k1", same);
        rig.turn();
        rig.advance(java.time.Duration.ofSeconds(1));
        Recorded after = rig.get("k1", same);
        assertThat(before.got().getOutcome()).isEqualTo(Outcome.OUTCOME_UNCHANGED);
        assertThat(after.got().getOutcome()).isEqualTo(Outcome.OUTCOME_EXPIRED);
        assertThat(after.got().getValue()).isEmpty();
    }

    @Test
    void refusesMalformedRequests() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        assertThat(rig.get(new byte[] {0x0A, 0x7F, 1}, ReadPath.NO_DEADLINE).failed())
                .isEqualTo(new Failure(
                        Reason.REASON_MALFORMED_REQUEST,
                        Code.INVALID_ARGUMENT_VALUE,
                        "the request is not a message of penstock.serving.v1, or an option has a value it cannot have"
                                + " (negative version, min_revision or max_age; if_generation in a batch)"));
        assertThat(rig.get("").reason()).isEqualTo(Reason.REASON_EMPTY_KEY);
        assertThat(rig.get("x".repeat(1_025)).failed())
                .isEqualTo(new Failure(
                        Reason.REASON_KEY_TOO_LONG,
                        Code.INVALID_ARGUMENT_VALUE,
                        "the key is longer than 1024 bytes (limits.key_bytes)",
                        "limits.key_bytes",
                        1_024));
        byte[] notUtf8 = request("k").toByteArray();
        notUtf8[notUtf8.length - 1] = (byte) 0xC0;
        assertThat(rig.get(notUtf8, ReadPath.NO_DEADLINE).reason()).isEqualTo(Reason.REASON_KEY_NOT_UTF8);
        assertThat(rig.get(request("k").toBuilder().setDataset("No Such").build())
                        .reason())
                .isEqualTo(Reason.REASON_INVALID_DATASET);
        assertThat(rig.get(request("k").toBuilder()
                                .setDataset("x".repeat(100_000))
                                .build())
                        .reason())
                .isEqualTo(Reason.REASON_INVALID_DATASET);
        assertThat(rig.get("k1", ReadOptions.newBuilder().setVersion(-1).build())
                        .reason())
                .isEqualTo(Reason.REASON_MALFORMED_REQUEST);
        assertThat(rig.get("k1", ReadOptions.newBuilder().setMinRevision(-1).build())
                        .reason())
                .isEqualTo(Reason.REASON_MALFORMED_REQUEST);
        assertThat(rig.get("k1", maxAge(-1)).reason()).isEqualTo(Reason.REASON_MALFORMED_REQUEST);
        assertThat(rig.storeReads()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"customer-361.v1", "other/customer-360.v1"})
    void doesNotKnowOtherDatasets(String name) {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        Recorded answer = rig.get(request("k").toBuilder().setDataset(name).build());
        assertThat(answer.failed())
                .isEqualTo(new Failure(
                        Reason.REASON_UNKNOWN_DATASET,
                        Code.NOT_FOUND_VALUE,
                        "no such dataset on this server; ListDatasets names those there are"));
    }

    @Test
    void saysThatThereIsNoCatalogRatherThanNoDataset() {
        rig.status.fail(CatalogStatus.Condition.NOT_INITIALISED, "no catalog");
        assertThat(rig.get("k").failed().code()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(rig.get("k").reason()).isEqualTo(Reason.REASON_NOT_INITIALISED);
    }

    @Test
    void readsOlderVersionsByNumber() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "two"));
        Recorded current = rig.get("k1");
        rig.turn();
        Recorded pinned = rig.get("k1", version(1));
        rig.turn();
        Recorded currentAgain = rig.get("k1");
        assertThat(value(pinned)).isEqualTo(value("k1", "one"));
        assertThat(pinned.got().getVersionInfo().getVersion()).isEqualTo(1);
        assertThat(value(current)).isEqualTo(value("k1", "two"));
        assertThat(currentAgain.isAnswered())
                .as("a pinned read takes no hot row away")
                .isTrue();
        assertThat(rig.get("k1", version(3)).reason()).isEqualTo(Reason.REASON_UNKNOWN_VERSION);
    }

    @Test
    void saysWhyAVersionCannotBeRead() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        rig.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(10, "two"));
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "three"));
        assertThat(rig.get("k1", version(2)).failed().code()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(rig.get("k1", version(2)).reason()).isEqualTo(Reason.REASON_VERSION_LOADING);
        rig.versions.rollback(ReadRig.DATASET);
        rig.adopt();
        assertThat(rig.get("k1", version(3)).reason()).isEqualTo(Reason.REASON_VERSION_ROLLED_BACK);
        rig.versions.retire(ReadRig.DATASET, 1);
        rig.adopt();
        assertThat(rig.get("k1", version(1)).reason()).isEqualTo(Reason.REASON_VERSION_RETIRED);
    }

    @Test
    void refusesDataOlderThanAskedFor() {
        Instant dataAsOf = rig.time.instant().minusSeconds(60);
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one").dataAsOf(dataAsOf));
        assertThat(rig.get("k1", maxAge(59)).failed())
                .isEqualTo(new Failure(
                        Reason.REASON_TOO_OLD,
                        Code.FAILED_PRECONDITION_VALUE,
                        "default/customer-360.v1: the data is older than the max_age asked for; publish newer data or"
                                + " allow more"));
        Recorded exact = rig.get("k1", maxAge(60));
        rig.turn();
        assertThat(exact.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void answersExpiredForRowsOfASnapshotThatIsOverAndNotForRowsWrittenSince() {
        Instant over = rig.time.instant().plusSeconds(10);
        publish(VersionDraft.of(ReadRig.DATASET)
                .row("k1", "one")
                .row(
                        "k2",
                        TestContracts.value("k2", "two"),
                        over.plusSeconds(60).toEpochMilli())
                .rowsExpireAt(over));
        rig.get("k1");
        rig.get("k2");
        rig.turn();
        assertThat(rig.get("k1").got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        rig.advance(java.time.Duration.ofSeconds(10));
        assertThat(rig.get("k1").got().getOutcome()).isEqualTo(Outcome.OUTCOME_EXPIRED);
        assertThat(rig.get("k2").got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        Recorded absent = rig.get("nobody");
        rig.turn();
        assertThat(absent.got().getOutcome()).isEqualTo(Outcome.OUTCOME_ABSENT);
    }

    @Test
    void refusesAnExpiredVersion() {
        Instant expiresAt = rig.time.instant().plusSeconds(10);
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one").expiresAt(expiresAt));
        Recorded before = rig.get("k1");
        rig.turn();
        rig.advance(java.time.Duration.ofSeconds(10));
        assertThat(before.got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(rig.get("k1").reason()).isEqualTo(Reason.REASON_VERSION_EXPIRED);
        rig.time.jump(java.time.Duration.ofHours(-1));
        assertThat(rig.get("k1").got().getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void catchesUpForASessionThatHasSeenMore() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        rig.versions.publish(VersionDraft.of(ReadRig.DATASET).rows(10, "two"));
        ReadOptions seen = ReadOptions.newBuilder().setMinRevision(2).build();
        Recorded caughtUp = rig.get("k1", seen);
        rig.turn();
        assertThat(value(caughtUp)).isEqualTo(value("k1", "two"));
        assertThat(rig.refreshes).isEqualTo(1);

        Recorded ahead = rig.get("k1", seen.toBuilder().setMinRevision(3).build());
        rig.turn();
        assertThat(ahead.failed().code()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(ahead.reason()).isEqualTo(Reason.REASON_REVISION_NOT_REACHED);
        assertThat(rig.refreshes).isEqualTo(2);
    }

    @Test
    void isNotAnsweredFromACatalogUnconfirmedForTooLong() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        Recorded first = rig.get("k1");
        rig.turn();
        rig.faults.unreachable();
        rig.advance(java.time.Duration.ofHours(1));
        assertThat(rig.get("k1").got()).as("cached rows are served meanwhile").isEqualTo(first.got());
        rig.advance(java.time.Duration.ofMillis(1));
        assertThat(rig.get("k1").failed().code()).isEqualTo(Code.UNAVAILABLE_VALUE);
        assertThat(rig.get("k1").reason()).isEqualTo(Reason.REASON_CATALOG_UNCONFIRMED);
        assertThat(rig.get(request("k1").toBuilder().setDataset("new.v1").build())
                        .isAnswered())
                .isTrue();
    }

    @Test
    void saysThatNothingIsLoadedYet() {
        rig.versions.prepare(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        rig.adopt();
        assertThat(rig.get("k1").reason()).isEqualTo(Reason.REASON_VERSION_LOADING);
    }

    @Test
    void refusesAnAnswerBeyondTheLimit() {
        ReadLimits small = new ReadLimits(
                1_024,
                1_000,
                1_000,
                256 << 10,
                64 << 10,
                100,
                100,
                java.time.Duration.ofMillis(40),
                java.time.Duration.ofSeconds(1));
        try (ReadRig tight = new ReadRig(small, 0)) {
            tight.versions.publish(VersionDraft.of(ReadRig.DATASET).row("big", new byte[64 << 10], 0));
            tight.adopt();
            Recorded answer = tight.get("big");
            tight.turn();
            assertThat(answer.failed().code()).isEqualTo(Code.RESOURCE_EXHAUSTED_VALUE);
            assertThat(answer.reason()).isEqualTo(Reason.REASON_RESPONSE_TOO_LARGE);
        }
    }

    private long publish(VersionDraft draft) {
        long generation = rig.versions.publish(draft);
        rig.adopt();
        return generation;
    }

    private static GetRequest request(String key) {
        return GetRequest.newBuilder().setDataset(ReadRig.DATASET).setKey(key).build();
    }

    private static ReadOptions version(long number) {
        return ReadOptions.newBuilder().setVersion(number).build();
    }

    private static ReadOptions maxAge(long seconds) {
        return ReadOptions.newBuilder()
                .setMaxAge(Duration.newBuilder().setSeconds(seconds))
                .build();
    }

    private static ByteString value(Recorded answer) {
        return answer.got().getValue();
    }

    private static ByteString value(String key, String text) {
        return ByteString.copyFrom(TestContracts.value(key, text));
    }
}
