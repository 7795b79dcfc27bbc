package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import com.google.protobuf.DynamicMessage;
import io.penstock.contract.Contract;
import io.penstock.contract.evolution.EvolutionRule;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import io.penstock.publisher.protoc.ContractCompiler;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For every evolution rule the pair of contracts that breaks it and the one that does not, from the rules' own tests: the
 * first contract is published, and then the second is to be. What {@code PENSTOCK_SAME_DATASET} forbids cannot happen
 * here: a contract of another dataset is compared with that dataset's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvolutionAtPublicationIT {
    private static final Path CONTRACTS = Path.of("..", "contract", "src", "test", "resources", "evolution")
            .toAbsolutePath()
            .normalize();

    @TempDir
    static Path directory;

    private String url = "";
    private ContractCompiler compiler = ContractCompiler.bundled();

    @BeforeAll
    void createStore() {
        url = "lmdb:" + directory.resolve("store");
        Stores.open(url, true).close();
    }

    @AfterAll
    void everyRuleHasItsPair() throws Exception {
        try (var folders = Files.list(CONTRACTS.resolve("after"))) {
            assertThat(folders).hasSize(EvolutionRule.values().length);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EXCLUDE, names = "PENSTOCK_SAME_DATASET")
    void refusesWhatBreaksReadersAndSaysWhatToDo(EvolutionRule rule) throws Exception {
        publish(rule, "before", "refused");

        CommandRun run = publishByCommand(rule);

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.problems())
                .startsWith("penstock: orders.v1: the contract breaks readers of an earlier one: " + folder(rule)
                        + "/refused")
                .containsPattern("\\b" + folder(rule) + "/refused(_imported)?\\.proto:\\d+: " + rule + ": \\S+ .+; \\Q"
                        + rule.remedy() + "\\E")
                .endsWith("; or publish it as a new major version, in a package of its own");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatReadersSurvive(EvolutionRule rule) {
        publish(rule, "before", "accepted");

        PublicationReport report = publish(rule, "after", "accepted");

        assertThat(report.manifest().getContract().getDigest())
                .isEqualTo(contract(rule, "after", "accepted").digest());
    }

    private CommandRun publishByCommand(EvolutionRule rule) throws Exception {
        Path yaml = Files.writeString(directory.resolve(folder(rule) + ".yaml"), """
                namespace: %s
                contract: %s
                proto_path: ["%s"]
                message: %s
                source: { sql: "select 1 as id" }
                """.formatted(
                        namespace(rule, "refused"),
                        file(rule, "after", "refused"),
                        CONTRACTS.resolve("after"),
                        contract(rule, "after", "refused").message()));
        return CommandRun.of("publish", yaml.toString(), "--store", url);
    }

    private PublicationReport publish(EvolutionRule rule, String state, String pair) {
        Contract contract = contract(rule, state, pair);
        try (Store store = Stores.open(url, false);
                Publisher publisher = Publisher.builder(store)
                        .options(PublisherOptions.DEFAULTS.withAdoptionTimeout(Duration.ZERO))
                        .build()) {
            return publisher.publish(Publication.builder(namespace(rule, pair), contract, new OneRow())
                    .build());
        }
    }

    private Contract contract(EvolutionRule rule, String state, String pair) {
        return compiler.compile(file(rule, state, pair), List.of(CONTRACTS.resolve(state)), Optional.empty());
    }

    private static Path file(EvolutionRule rule, String state, String pair) {
        return CONTRACTS.resolve(state).resolve(folder(rule)).resolve(pair + ".proto");
    }

    private static String folder(EvolutionRule rule) {
        return rule.name().toLowerCase(Locale.ROOT);
    }

    private static String namespace(EvolutionRule rule, String pair) {
        return folder(rule).replace('_', '-') + "-" + pair;
    }

    /** A row of any contract: no field but the key's. */
    private static final class OneRow implements RowSource {
        @Override
        public String describe() {
            return "one row";
        }

        @Override
        public Optional<Instant> readDataAsOf() {
            return Optional.empty();
        }

        @Override
        public RowCursor open(Contract contract) {
            byte[] key = "1".getBytes(StandardCharsets.UTF_8);
            byte[] value =
                    DynamicMessage.getDefaultInstance(contract.descriptor()).toByteArray();
            return new RowCursor() {
                private boolean read;

                @Override
                public boolean next() {
                    boolean first = !read;
                    read = true;
                    return first;
                }

                @Override
                public byte[] key() {
                    return key;
                }

                @Override
                public byte[] value() {
                    return value;
                }

                @Override
                public long rowNumber() {
                    return 1;
                }

                @Override
                public boolean isNull(int fieldIndex) {
                    return false;
                }

                @Override
                public void close() {}
            };
        }
    }
}
