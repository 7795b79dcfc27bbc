package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.store.DatasetId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadMetricsBehaviourTest {
    private final List<String> counted = new ArrayList<>();

    @Test
    void countsEveryAnswerOnceAndByItsDataset() {
        try (ReadRig rig = new ReadRig(ReadLimits.DEFAULT, 1 << 20, new Recording(), false)) {
            long version = rig.versions.publish(VersionDraft.of(ReadRig.DATASET).row("k1", "one"));
            rig.adopt();
            rig.get("k1");
            rig.turn();
            rig.get("k1");
            rig.get("");
            rig.batch("k1", "k1", "");
            rig.versions.lose(rig.versions.addressOf(ReadRig.DATASET, version, "k1"));
            rig.get("k1");
            assertThat(counted)
                    .containsExactly(
                            "dataset customer-360.v1",
                            "misses 1",
                            "fetched",
                            "get OUTCOME_FOUND",
                            "hits 1",
                            "get OUTCOME_FOUND",
                            "no dataset: REASON_EMPTY_KEY",
                            "hits 2",
                            "rows OUTCOME_FOUND REASON_UNSPECIFIED 2",
                            "rows OUTCOME_FAILED REASON_EMPTY_KEY 1",
                            "batch 3",
                            "hits 1",
                            "get OUTCOME_FOUND");
        }
    }

    @Test
    void countsHowLateCallsAreEndedThatReachTheirDeadline() {
        try (ReadRig rig = new ReadRig(ReadLimits.DEFAULT, 1 << 20, new Recording(), false)) {
            rig.versions.publish(VersionDraft.of(ReadRig.DATASET).row("k1", "one"));
            rig.adopt();
            rig.faults.freeze();
            long deadline = rig.deadlineIn(Duration.ofMillis(20));
            rig.get(request("k1"), deadline);
            rig.batch(deadline, ReadRig.keys("k1").build());
            Recorded reset = rig.get(request("k1"), deadline);
            Recorded givenUp = rig.get(request("k1"), deadline);
            rig.turn();
            givenUp.call.cancel();
            rig.advance(Duration.ofMillis(20));
            reset.call.cancel();
            rig.advance(Duration.ofMillis(5));
        }
        assertThat(counted.stream().filter(each -> each.startsWith("overdue")))
                .as("the transport was faster with one, one was given up in time")
                .hasSize(3);
    }

    private static byte[] request(String key) {
        return GetRequest.newBuilder()
                .setDataset(ReadRig.DATASET)
                .setKey(key)
                .build()
                .toByteArray();
    }

    private final class Recording implements ReadMetrics {
        @Override
        public ForDataset forDataset(DatasetId dataset) {
            counted.add("dataset " + dataset.name());
            return new RecordingDataset();
        }

        @Override
        public void getFailed(Reason reason, long nanos) {
            counted.add("no dataset: " + reason);
        }

        @Override
        public void overdue(long lateNanos) {
            assertThat(lateNanos).isNotNegative();
            counted.add("overdue");
        }

        @Override
        public void batchAnswered(int keys, long nanos) {
            counted.add("batch " + keys);
        }
    }

    private final class RecordingDataset implements ReadMetrics.ForDataset {
        @Override
        public void getAnswered(Outcome outcome, long nanos) {
            counted.add("get " + outcome);
        }

        @Override
        public void batchRows(Outcome outcome, Reason reason, int rows) {
            counted.add("rows " + outcome + " " + reason + " " + rows);
        }

        @Override
        public void cacheHits(int keys) {
            counted.add("hits " + keys);
        }

        @Override
        public void cacheMisses(int keys) {
            counted.add("misses " + keys);
        }

        @Override
        public void fetched(int bytes, long nanos) {
            counted.add("fetched");
        }
    }
}
