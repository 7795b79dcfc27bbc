package io.penstock.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import io.penstock.serving.v1.ServedVersion;
import org.junit.jupiter.api.Test;

class MessageJsonTest {
    @Test
    void writesEveryNumberAsANumberUnderItsProtoName() {
        ServedVersion message = ServedVersion.newBuilder()
                .setRows(Long.MAX_VALUE)
                .setGeneration(-1)
                .setDataAsOf(Timestamp.newBuilder().setSeconds(1))
                .putLabels("run", "7")
                .build();

        String json = Json.line(MessageJson.of(message));

        assertThat(json)
                .contains("\"rows\":9223372036854775807")
                .contains("\"generation\":18446744073709551615")
                .contains("\"data_as_of\":\"1970-01-01T00:00:01Z\"")
                .contains("\"buckets\":0")
                .contains("\"labels\":{\"run\":\"7\"}")
                .contains("\"checks\":[]")
                .doesNotContain("expires_at");
    }

    @Test
    void writesAWrapperAsWhatItWraps() {
        assertThat(Json.line(MessageJson.of(UInt64Value.of(-1)))).isEqualTo("18446744073709551615");
    }
}
