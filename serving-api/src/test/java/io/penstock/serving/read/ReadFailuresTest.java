package io.penstock.serving.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Code;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReadFailuresTest {
    private final ReadFailures failures = new ReadFailures(ReadLimits.DEFAULT);

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, EMPTY_KEY KEY_TOO_LONG KEY_NOT_UTF8 TOO_MANY_KEYS INVALID_DATASET MALFORMED_REQUEST"
                + " INVALID_FIELD TOO_MANY_FIELDS",
        "NOT_FOUND, UNKNOWN_DATASET UNKNOWN_VERSION VERSION_RETIRED VERSION_ROLLED_BACK",
        "FAILED_PRECONDITION, TOO_OLD VERSION_EXPIRED",
        "DATA_LOSS, BUCKET_LOST BUCKET_CORRUPT",
        "UNAVAILABLE, STORE_UNREACHABLE NOT_INITIALISED CATALOG_UNCONFIRMED REVISION_NOT_REACHED VERSION_LOADING",
        "RESOURCE_EXHAUSTED, OVERLOADED QUOTA RESPONSE_TOO_LARGE",
        "DEADLINE_EXCEEDED, DEADLINE_EXCEEDED",
        "UNIMPLEMENTED, UNSUPPORTED_OPTION",
        "INTERNAL, INTERNAL UNSPECIFIED"
    })
    void mapsReasonsToTheStatusOfTheirTable(Code code, String reasons) {
        for (String reason : reasons.split(" ", -1)) {
            assertThat(ReadFailures.code(Reason.valueOf("REASON_" + reason)))
                    .as(reason)
                    .isEqualTo(code.getNumber());
        }
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasAMessageAndACodeThatFitsIntoOneByte(Reason reason) {
        assertThat(failures.of(reason).message()).isNotBlank();
        assertThat(failures.of(reason, "ns/a.v1").message()).startsWith("ns/a.v1: ");
        assertThat(ReadFailures.code(reason)).isBetween(1, 127);
        if (reason != Reason.UNRECOGNIZED) {
            assertThat(reason.getNumber()).isLessThan(128);
        }
    }

    @Test
    void defaultsAreThoseOfTheDesign() {
        assertThat(ReadLimits.DEFAULT)
                .isEqualTo(new ReadLimits(
                        1_024,
                        1_000,
                        1_000,
                        262_144,
                        3_670_016,
                        8_192,
                        65_536,
                        Duration.ofMillis(40),
                        Duration.ofSeconds(5)));
    }

    @Test
    void limitsNameTheirSettings() {
        assertThatThrownBy(() ->
                        new ReadLimits(0, 1, 1, 1_024, 65_536, 1, 1, Duration.ofMillis(40), Duration.ofSeconds(1)))
                .hasMessage("limits.key_bytes: 0 (expected: 1 to 1024)");
        assertThatThrownBy(() -> new ReadLimits(1, 1, 1, 1_024, 65_536, 1, 1, Duration.ofMillis(40), Duration.ZERO))
                .hasMessage("limits.read_time: PT0S (expected: 1ms to 5m)");
        assertThatThrownBy(() ->
                        new ReadLimits(1, 2_000, 1, 1_024, 65_536, 1, 1, Duration.ofMillis(40), Duration.ofSeconds(1)))
                .hasMessage("limits.response_bytes: 65536 (expected: at least 64 times limits.batch_keys, 128000)");
    }
}
