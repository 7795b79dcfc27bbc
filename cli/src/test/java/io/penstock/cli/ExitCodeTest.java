package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void ofSeveralKeysTakesWhatNeedsAPersonMost() {
        assertThat(ExitCode.ofKeys(List.of())).isEqualTo(ExitCode.DONE);
        assertThat(ExitCode.ofKeys(List.of(ExitCode.DONE, ExitCode.NOT_FOUND))).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(ExitCode.ofKeys(List.of(ExitCode.NOT_FOUND, ExitCode.REFUSED)))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(ExitCode.ofKeys(List.of(ExitCode.REFUSED, ExitCode.UNAVAILABLE)))
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(ExitCode.ofKeys(List.of(ExitCode.UNAVAILABLE, ExitCode.DATA_LOSS)))
                .isEqualTo(ExitCode.DATA_LOSS);
    }

    @Test
    void ofSeveralFilesTakesWhatARetryCannotMendFirst() {
        List<ExitCode> order = List.of(
                ExitCode.UNEXPECTED,
                ExitCode.DATA_LOSS,
                ExitCode.REFUSED,
                ExitCode.USAGE,
                ExitCode.BUSY,
                ExitCode.UNAVAILABLE,
                ExitCode.ADOPTION_INCOMPLETE,
                ExitCode.DONE);
        for (int i = 0; i < order.size(); i++) {
            assertThat(ExitCode.ofFiles(order.subList(i, order.size()))).isEqualTo(order.get(i));
        }
    }
}
