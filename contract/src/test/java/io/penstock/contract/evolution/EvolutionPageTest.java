package io.penstock.contract.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.contract.evolution.EvolutionRule.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EvolutionPageTest {
    private static final Path PAGE = Path.of("..", "docs", "evolution.md");

    @ParameterizedTest
    @EnumSource
    void theTablesListEveryRule(Origin origin) throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .filter(line -> line.startsWith("| `PENSTOCK_") == (origin == Origin.PENSTOCK))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(EvolutionRule.values())
                        .filter(rule -> rule.origin() == origin)
                        .map(EvolutionPageTest::row)
                        .toList());
    }

    /** A folder a rule would be a test nobody runs if the rule went away. */
    @Test
    void everyPairBelongsToARule() throws IOException {
        try (var folders = Files.list(Path.of("src", "test", "resources", "evolution", "before"))) {
            assertThat(folders.map(folder -> folder.getFileName().toString().toUpperCase(Locale.ROOT)))
                    .containsExactlyInAnyOrderElementsOf(Arrays.stream(EvolutionRule.values())
                            .map(EvolutionRule::name)
                            .toList());
        }
    }

    private static String row(EvolutionRule rule) {
        return "| `" + rule + "` | " + rule.summary() + " | " + rule.remedy() + " |";
    }
}
