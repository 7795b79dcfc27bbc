package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.netty.handler.codec.http2.Http2Headers;
import io.penstock.serving.read.Failure;
import io.penstock.serving.v1.Reason;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`a plain message; ~1 \"kB\"`,`a plain message; ~1 \"kB\"`",
                "100%,100%25",
                "%41,%2541",
                "größer,gr%C3%B6%C3%9Fer",
                "\uD83D\uDE00,%F0%9F%98%80",
                "`a\tb\r\nc\u0000\u007f`,a%09b%0D%0Ac%00%7F",
                "``,``"
            })
    void encodesAMessage(String message, String encoded) {
        assertThat(Refusals.encoded(message).toString()).isEqualTo(encoded);
    }

    /** Of every length modulo three, so that base64 would have had to be padded. */
    @ParameterizedTest
    @ValueSource(strings = {"m", "me", "mes", "ménage à 100%"})
    void saysAFailureForPeopleAndForPrograms(String message) throws InvalidProtocolBufferException {
        Http2Headers answer = Refusals.of(new Failure(
                Reason.REASON_OVERLOADED, Code.RESOURCE_EXHAUSTED_VALUE, message, "limits.pending_reads", 7));

        assertThat(answer.status()).hasToString("200");
        assertThat(answer.get("content-type")).hasToString("application/grpc");
        assertThat(answer.get("grpc-status")).hasToString("8");
        assertThat(answer.get("grpc-message")).isEqualTo(Refusals.encoded(message));
        String details = answer.get("grpc-status-details-bin").toString();
        assertThat(details).doesNotContain("=");
        Status status = Status.parseFrom(Base64.getDecoder().decode(details));
        assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED_VALUE);
        assertThat(status.getMessage()).isEqualTo(message);
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo("OVERLOADED");
        assertThat(info.getDomain()).isEqualTo(Failures.DOMAIN);
        assertThat(info.getMetadataMap()).isEqualTo(Map.of("setting", "limits.pending_reads", "limit", "7"));
    }

    @Test
    void saysWhichEncodingsAreRead() {
        Http2Headers answer = Refusals.unknownEncoding("snäppy");
        assertThat(answer.get("grpc-status")).hasToString("12");
        assertThat(answer.get("grpc-message").toString()).contains("sn%C3%A4ppy");
        assertThat(answer.get("grpc-accept-encoding")).hasToString("gzip");
    }
}
