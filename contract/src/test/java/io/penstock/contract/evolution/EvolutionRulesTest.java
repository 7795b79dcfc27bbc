package io.penstock.contract.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.penstock.contract.Contract;
import io.penstock.contract.evolution.Buf.Verdict;
import io.penstock.contract.evolution.EvolutionRule.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For every rule a pair of contracts that it refuses and one that passes, in {@code resources/evolution}: what was
 * published ({@code before}) and what is to be ({@code after}). What buf can know is decided as buf decides it, down to
 * the line.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvolutionRulesTest {
    private static final Path BEFORE = Path.of("target", "evolution", "before.binpb");
    private static final Path AFTER = Path.of("target", "evolution", "after.binpb");

    private FileDescriptorSet before = FileDescriptorSet.getDefaultInstance();
    private FileDescriptorSet after = FileDescriptorSet.getDefaultInstance();

    @BeforeAll
    void readContracts() throws IOException {
        before = FileDescriptorSet.parseFrom(Files.readAllBytes(BEFORE));
        after = FileDescriptorSet.parseFrom(Files.readAllBytes(AFTER));
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatBreaksReadersAndNothingElseInThatPair(EvolutionRule rule) {
        List<Finding> findings = check(rule, "refused");

        assertThat(findings).extracting(Finding::rule).contains(rule);
        assertThat(findings).filteredOn(finding -> finding.rule() == rule).allSatisfy(finding -> {
            assertThat(finding.location().file()).startsWith(folder(rule) + "/refused");
            assertThat(finding.location().line()).isPositive();
            assertThat(finding.toString()).contains(": " + rule + ": ").endsWith("; " + rule.remedy());
        });
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatReadersSurvive(EvolutionRule rule) {
        assertThat(check(rule, "accepted")).isEmpty();
    }

    @Test
    void decidesAsBufDoes() throws Exception {
        Set<Verdict> ours = new TreeSet<>();
        for (EvolutionRule rule : EvolutionRule.values()) {
            for (String pair : List.of("refused", "accepted")) {
                for (Finding finding : check(rule, pair)) {
                    if (finding.rule().origin() == Origin.BUF) {
                        ours.add(new Verdict(
                                finding.rule().name(),
                                finding.location().file(),
                                finding.location().line()));
                    }
                }
            }
        }

        assertThat(ours).containsExactlyElementsOf(Buf.breaking(BEFORE, AFTER));
    }

    @Test
    void knowsEveryRuleThatBufHasForMessagesAndEnums() throws Exception {
        Set<String> bufs = Buf.rules().stream()
                .filter(rule -> !rule.startsWith("RPC_"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(Arrays.stream(EvolutionRule.values())
                        .filter(rule -> rule.origin() == Origin.BUF)
                        .map(EvolutionRule::name))
                .containsExactlyInAnyOrderElementsOf(bufs);
    }

    private List<Finding> check(EvolutionRule rule, String pair) {
        return ContractEvolution.check(contract(before, rule, pair), contract(after, rule, pair));
    }

    private static Contract contract(FileDescriptorSet set, EvolutionRule rule, String pair) {
        String name = folder(rule) + "/" + pair + ".proto";
        FileDescriptorProto file = set.getFileList().stream()
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
        List<String> contracts =
                Contract.messagesIn(FileDescriptorSet.newBuilder().addFile(file).build());
        return Contract.of(set, contracts.get(0));
    }

    private static String folder(EvolutionRule rule) {
        return rule.name().toLowerCase(Locale.ROOT);
    }
}
