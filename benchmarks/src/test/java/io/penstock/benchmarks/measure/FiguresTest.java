package io.penstock.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({"123456.7, '123,457'", "42.123, 42.1", "1.234, 1.23", "0.0415, 0.042", "7, 7", "NaN, –"})
    void showsThreeDigitsThatMeanSomething(double value, String text) {
        assertThat(Figures.of(value)).isEqualTo(text);
    }
}
