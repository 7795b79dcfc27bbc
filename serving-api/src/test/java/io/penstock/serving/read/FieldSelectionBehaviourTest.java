package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.Code;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ReadOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.RowResult;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ReadOptions.fields}. The rows are {@code id = 1, text = 2}. */
class FieldSelectionBehaviourTest {
    private final ReadRig rig = new ReadRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void answersTheSelectedFieldsOfAMissAndOfAHit() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        Recorded cold = rig.get("k7", fields(2));
        rig.turn();
        Recorded warm = rig.get("k7", fields(2));

        assertThat(cold.got().getValue()).isEqualTo(text("one"));
        assertThat(warm.bytes()).isEqualTo(cold.bytes());
        assertThat(rig.storeReads()).isEqualTo(1);
        assertThat(rig.get("k7").got().getValue())
                .as("the cache keeps whole rows")
                .isEqualTo(ByteString.copyFrom(TestContracts.value("k7", "one")));
    }

    @Test
    void keyFieldsAreFieldsLikeOthers() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        assertThat(found("k7", fields(1, 2)).getValue())
                .isEqualTo(ByteString.copyFrom(TestContracts.value("k7", "one")));
        assertThat(parsed(found("k7", fields(1)).getValue()).asMap()).containsOnlyKeys(1);
    }

    @Test
    void whatTheVersionDoesNotKnowIsNotInTheAnswer() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        GetResponse ahead = found("k7", fields(2, 3, 536_870_911));
        assertThat(ahead.getValue()).isEqualTo(text("one"));
        GetResponse nothing = found("k7", fields(3));
        assertThat(nothing.getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(nothing.getValue()).isEmpty();
    }

    @Test
    void outcomesAndGenerationsAreThoseOfTheWholeRow() {
        long version = publish(VersionDraft.of(ReadRig.DATASET)
                .rows(10, "one")
                .row("old", TestContracts.value("old", "one"), rig.time.millis() - 1));
        long generation = rig.versions.bucketGeneration(version, "k7");
        assertThat(found("k7", fields(2)).getGeneration()).isEqualTo(generation);
        GetResponse unchanged =
                found("k7", fields(2).toBuilder().setIfGeneration(generation).build());
        assertThat(unchanged.getOutcome()).isEqualTo(Outcome.OUTCOME_UNCHANGED);
        assertThat(unchanged.getValue()).isEmpty();
        assertThat(found("old", fields(2)).getOutcome()).isEqualTo(Outcome.OUTCOME_EXPIRED);
        assertThat(found("nobody", fields(2)).getOutcome()).isEqualTo(Outcome.OUTCOME_ABSENT);
    }

    @Test
    void eachGroupOfABatchHasItsOwnSelection() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        rig.get("k2");
        rig.turn();
        Recorded batch = rig.batch(
                ReadRig.keys("k1", "k2", "nobody").setOptions(fields(2)).build(),
                ReadRig.keys("k1", "k2").build(),
                ReadRig.keys("k1").setOptions(fields(9)).build());
        rig.turn();
        List<RowResult> some = batch.gotBatch().getGroups(0).getRowsList();
        assertThat(some.get(0).getValue()).isEqualTo(text("one"));
        assertThat(some.get(1).getValue()).isEqualTo(text("one"));
        assertThat(some.get(2).getOutcome()).isEqualTo(Outcome.OUTCOME_ABSENT);
        List<RowResult> whole = batch.gotBatch().getGroups(1).getRowsList();
        assertThat(whole.get(0).getValue()).isEqualTo(ByteString.copyFrom(TestContracts.value("k1", "one")));
        assertThat(whole.get(1).getGeneration()).isEqualTo(some.get(1).getGeneration());
        RowResult none = batch.gotBatch().getGroups(2).getRows(0);
        assertThat(none.getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(none.getValue()).isEmpty();
    }

    @Test
    void aBatchOfCutRowsFitsWhereWholeOnesDoNot() {
        VersionDraft draft = VersionDraft.of(ReadRig.DATASET);
        String[] keys = new String[100];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "k" + i;
            draft.row(keys[i], "x".repeat(100_000));
        }
        publish(draft);
        Recorded whole = rig.batch(keys);
        rig.turn();
        assertThat(whole.gotBatch().getGroups(0).getRows(99).getReason()).isEqualTo(Reason.REASON_RESPONSE_TOO_LARGE);
        Recorded cut = rig.batch(ReadRig.keys(keys).setOptions(fields(1)).build());
        rig.turn();
        assertThat(cut.gotBatch().getGroups(0).getRowsList())
                .allMatch(row -> row.getOutcome() == Outcome.OUTCOME_FOUND);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 19_000, 19_999, 536_870_912, Integer.MIN_VALUE})
    void refusesNumbersThatNoFieldCanHave(int number) {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        assertThat(rig.get("k1", fields(2, number)).failed())
                .isEqualTo(new Failure(
                        Reason.REASON_INVALID_FIELD,
                        Code.INVALID_ARGUMENT_VALUE,
                        "default/customer-360.v1: options.fields has a number that no field can have"
                                + " (expected: 1 to 536870911, without 19000 to 19999)"));
        Recorded batch = rig.batch(
                ReadRig.keys("k1").setOptions(fields(number)).build(),
                ReadRig.keys("k1").build());
        rig.turn();
        assertThat(batch.gotBatch().getGroups(0).getReason()).isEqualTo(Reason.REASON_INVALID_FIELD);
        assertThat(batch.gotBatch().getGroups(1).getRows(0).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void refusesMoreNumbersThanItsLimit() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one"));
        ReadOptions most = ReadOptions.newBuilder()
                .addAllFields(Collections.nCopies(1_000, 2))
                .build();
        assertThat(found("k1", most).getValue()).isEqualTo(text("one"));
        assertThat(rig.get("k1", most.toBuilder().addFields(1).build()).failed())
                .isEqualTo(new Failure(
                        Reason.REASON_TOO_MANY_FIELDS,
                        Code.INVALID_ARGUMENT_VALUE,
                        "default/customer-360.v1: options.fields has more than 1000 numbers (limits.fields);"
                                + " ask for fewer, or leave it empty for the whole row",
                        "limits.fields",
                        1_000));
        ReadOptions far = ReadOptions.newBuilder()
                .addAllFields(Collections.nCopies(100_000, 2))
                .build();
        assertThat(rig.get("k1", far).reason()).isEqualTo(Reason.REASON_TOO_MANY_FIELDS);
    }

    @Test
    void aValueThatIsNoMessageIsALossToWhoeverWantsItCut() {
        publish(VersionDraft.of(ReadRig.DATASET).rows(10, "one").row("bad", new byte[20], 0));
        Recorded cold = rig.get("bad", fields(2));
        rig.turn();
        assertThat(cold.failed().code()).isEqualTo(Code.DATA_LOSS_VALUE);
        assertThat(rig.get("bad", fields(2)).reason()).isEqualTo(Reason.REASON_BUCKET_CORRUPT);
        Recorded batch =
                rig.batch(ReadRig.keys("bad", "k1").setOptions(fields(2)).build());
        rig.turn();
        RowResult bad = batch.gotBatch().getGroups(0).getRows(0);
        assertThat(bad.getCode()).isEqualTo(Code.DATA_LOSS_VALUE);
        assertThat(bad.getReason()).isEqualTo(Reason.REASON_BUCKET_CORRUPT);
        assertThat(batch.gotBatch().getGroups(0).getRows(1).getValue()).isEqualTo(text("one"));
    }

    private long publish(VersionDraft draft) {
        long version = rig.versions.publish(draft);
        rig.adopt();
        return version;
    }

    private GetResponse found(String key, ReadOptions options) {
        Recorded answer = rig.get(key, options);
        rig.turn();
        return answer.got();
    }

    private static ReadOptions fields(int... numbers) {
        ReadOptions.Builder options = ReadOptions.newBuilder();
        for (int number : numbers) {
            options.addFields(number);
        }
        return options.build();
    }

    private static ByteString text(String text) {
        return UnknownFieldSet.newBuilder()
                .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(text))
                                .build())
                .build()
                .toByteString();
    }

    private static UnknownFieldSet parsed(ByteString value) {
        try {
            return UnknownFieldSet.parseFrom(value);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
