package io.penstock.publisher.file;

import io.penstock.contract.Contract;
import io.penstock.publisher.protoc.ContractCompiler;
import io.penstock.publisher.source.JdbcSourceConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a publication file says, every path absolute, every default filled in, every substitution done. The only mode there
 * is, is {@code snapshot}.
 *
 * @param file where it was read from
 * @param retentionVersions how many versions are kept, the new one included
 * @param labels kept in the manifest
 */
public record PublicationSpec(
        Path file,
        String namespace,
        ContractLocation contract,
        JdbcSourceConfig source,
        Checks checks,
        int retentionVersions,
        Map<String, String> labels) {
    public static final String NAMESPACE_DEFAULT = "default";
    public static final int RETENTION_VERSIONS_DEFAULT = 3;

    public PublicationSpec {
        labels = Map.copyOf(labels);
    }

    /**
     * Where the contract is.
     *
     * @param file a {@code .proto} file or a descriptor set
     * @param isDescriptorSet which of them it is
     * @param protoPath where a {@code .proto} file's imports are
     * @param message the full name of the contract's message
     */
    public record ContractLocation(Path file, boolean isDescriptorSet, List<Path> protoPath, String message) {
        public ContractLocation {
            protoPath = List.copyOf(protoPath);
        }

        /** Reads it, or has it compiled. */
        public Contract load(ContractCompiler compiler) {
            return isDescriptorSet ? ContractCompiler.read(file, message) : compiler.compile(file, protoPath, message);
        }
    }

    /**
     * The settings of the guardrails that are on by default, each named as the manifest names it.
     *
     * @param rowsMin {@code rows-present}: the fewest rows
     * @param rowCountDropMax {@code row-count-change}: the largest share of rows that may go; 0.2 = 20 %
     * @param rowCountGrowthMax {@code row-count-change}: the largest share of rows that may come on top; 1.0 = 100 %
     * @param nullRateRiseMax {@code null-rate}: how much a field's share of NULLs may rise; 0.1 = 10 points
     */
    public record Checks(long rowsMin, double rowCountDropMax, double rowCountGrowthMax, double nullRateRiseMax) {
        public static final Checks DEFAULTS = new Checks(1, 0.2, 1.0, 0.1);
    }
}
