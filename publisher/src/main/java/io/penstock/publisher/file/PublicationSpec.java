package io.penstock.publisher.file;

import io.penstock.contract.Contract;
import io.penstock.publisher.guardrail.Guardrails;
import io.penstock.publisher.protoc.ContractCompiler;
import io.penstock.publisher.source.SourceConfig;
import io.penstock.storage.v1.Mode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a publication file says, every path absolute, every default filled in, every substitution done.
 *
 * @param file where it was read from
 * @param checks the guardrails, before the contract's own are added
 * @param retentionVersions how many versions are kept, the new one included
 * @param labels kept in the manifest
 */
public record PublicationSpec(
        Path file,
        String namespace,
        ContractLocation contract,
        SourceConfig source,
        Mode mode,
        Guardrails checks,
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
}
