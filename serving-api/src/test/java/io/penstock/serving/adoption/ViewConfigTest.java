package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewConfigTest {
    @Test
    void hasTheDocumentedDefaults() {
        assertThat(ViewConfig.of(List.of("default")))
                .isEqualTo(new ViewConfig(
                        List.of("default"),
                        Duration.ofSeconds(1),
                        Duration.ofHours(1),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        2));
    }

    @Test
    void refusesNamespacesThatAreMissingOrTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ViewConfig.of(List.of("a", "a")))
                .withMessage("namespaces: [a, a] (expected: at least one, none twice)");
        assertThatIllegalArgumentException().isThrownBy(() -> ViewConfig.of(List.of()));
    }
}
