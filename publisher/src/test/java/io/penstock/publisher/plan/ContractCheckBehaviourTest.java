package io.penstock.publisher.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.contract.Contract;
import io.penstock.contract.evolution.EvolutionRule;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.diff.Parent;
import io.penstock.publisher.erase.ErasedKeys;
import io.penstock.publisher.protoc.ContractCompiler;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pairs of contracts that the rules are tested with, compiled by protoc and compared as a publication does. */
class ContractCheckBehaviourTest {
    private static final Path PAIRS = Path.of("..", "contract", "src", "test", "resources", "evolution");

    @ParameterizedTest
    @EnumSource
    void aRefusalNamesRuleFieldLineAndRemedy(EvolutionRule rule) {
        String folder = rule.name().toLowerCase(Locale.ROOT);
        Contract before = contract("before", folder, "refused");
        Contract after = contract("after", folder, "refused");
        History history = new History(Parent.NONE, List.of(before.toStored()), List.of(), ErasedKeys.NONE);

        assertThatThrownBy(() -> ContractCheck.require(history, after, true))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("CONTRACT_CHANGED");
                })
                .hasMessageStartingWith(
                        after.dataset() + ": the contract breaks readers of an earlier one: " + folder + "/refused")
                .hasMessageContaining(": " + rule + ": " + folder)
                .hasMessageContaining("; " + rule.remedy() + "; ")
                .hasMessageMatching("(?s).*proto:[1-9][0-9]*: " + rule + ": .*");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
                "FIELD_WIRE_JSON_COMPATIBLE_TYPE",
                "PENSTOCK_PROMISE_NOT_WEAKENED"
            })
    void aCompatibleChangePasses(EvolutionRule rule) {
        String folder = rule.name().toLowerCase(Locale.ROOT);
        Contract before = contract("before", folder, "accepted");
        History history = new History(Parent.NONE, List.of(before.toStored()), List.of(), ErasedKeys.NONE);

        assertThatCode(() -> ContractCheck.require(history, contract("after", folder, "accepted"), true))
                .doesNotThrowAnyException();
    }

    private static Contract contract(String side, String folder, String pair) {
        Path root = PAIRS.resolve(side);
        return ContractCompiler.bundled()
                .compile(root.resolve(folder).resolve(pair + ".proto"), List.of(root), Optional.empty());
    }
}
