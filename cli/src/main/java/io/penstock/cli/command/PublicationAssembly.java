package io.penstock.cli.command;

import io.penstock.contract.Contract;
import io.penstock.publisher.Publication;
import io.penstock.publisher.RowSource;
import io.penstock.publisher.file.PublicationFile;
import io.penstock.publisher.file.PublicationSpec;
import io.penstock.publisher.protoc.ContractCompiler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a publisher takes of what a publication file says.
 *
 * @param parameters in place of those under {@code source.parameters}
 * @param driverPath jars to look for a JDBC driver in
 * @param overrides guardrails that may fail
 * @param reason why they may; not null if there are any
 */
record PublicationAssembly(
        ContractCompiler compiler,
        Map<String, String> parameters,
        List<Path> driverPath,
        boolean showKeys,
        List<String> overrides,
        @Nullable String reason) {

    Publication assemble(Path file) {
        PublicationSpec spec = PublicationFile.read(file, parameters);
        Contract contract = spec.contract().load(compiler);
        RowSource source =
                spec.source().withDriverPath(driverPath).withShowKeys(showKeys).open();
        Publication.Builder publication = Publication.builder(spec.namespace(), contract, source)
                .mode(spec.mode())
                .retention(spec.retentionVersions())
                .guardrails(spec.checks());
        spec.labels().forEach(publication::label);
        if (reason != null) {
            overrides.forEach(check -> publication.override(check, reason));
        }
        return publication.build();
    }
}
