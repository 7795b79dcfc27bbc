package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizesTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "4096, 4096", "512KiB, 524288", "8MiB, 8388608", "1GiB, 1073741824", "10000000000, 10000000000"
    })
    void readsSizes(String text, long bytes) {
        assertThat(ByteSizes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0MiB", "-1", "8MB", "1.5GiB", "MiB", "9999999999999999"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> ByteSizes.parse(text)).isInstanceOf(UsageException.class);
    }

    @Test
    void saysWhatIsExpected() {
        assertThatThrownBy(() -> ByteSizes.parse("8MB"))
                .hasMessage("'8MB' is not a number of bytes above zero (expected: such as 4096, 512KiB, 8MiB, 1GiB)");
    }
}
