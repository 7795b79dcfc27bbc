package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRatesTest {
    @Test
    void readsBytesASecond() {
        assertThat(ByteRates.parse("500000")).isEqualTo(500_000);
        assertThat(ByteRates.parse("7B")).isEqualTo(7);
        assertThat(ByteRates.parse("64KiB")).isEqualTo(64 << 10);
        assertThat(ByteRates.parse("20MiB")).isEqualTo(20 << 20);
        assertThat(ByteRates.parse("20MiB/s")).isEqualTo(20 << 20);
        assertThat(ByteRates.parse("999999999GiB")).isEqualTo(999_999_999L << 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0MiB", "-1", "20MB", "1.5MiB", "fast", "1234567890"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> ByteRates.parse(text))
                .isInstanceOf(UsageException.class)
                .hasMessage("'" + text + "' is not a number of bytes a second (expected: such as 500KiB, 20MiB, 1GiB)");
    }
}
