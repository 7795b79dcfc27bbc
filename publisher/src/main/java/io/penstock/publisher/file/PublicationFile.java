package io.penstock.publisher.file;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.file.PublicationSpec.ContractLocation;
import io.penstock.publisher.source.SourceConfig;
import io.penstock.storage.v1.Mode;
import io.penstock.store.DatasetId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a publication file. It is strict, because a key that is silently ignored is a guardrail that is silently off: an
 * unknown, doubled, missing or empty key and a value of the wrong shape are errors that say file, line and key. The format is
 * in {@code docs/publication-file.md}.
 */
public final class PublicationFile {
    private static final List<String> KEYS = List.of(
            "namespace",
            "contract",
            "descriptors",
            "proto_path",
            "message",
            "source",
            "mode",
            "checks",
            "retention",
            "labels");
    private final Path file;
    private final Path directory;
    private final Substitution substitution;

    private PublicationFile(Path file, Substitution.Environment environment) {
        this.file = file;
        this.directory = file.toAbsolutePath().normalize().resolveSibling(".").normalize();
        this.substitution = new Substitution(directory, environment);
    }

    /**
     * Reads a file, with the process's environment.
     *
     * @param parameters values in place of those under {@code source.parameters}
     * @throws PublisherException {@code USAGE}, naming file, line and key
     */
    public static PublicationSpec read(Path file, Map<String, String> parameters) {
        return read(file, parameters, System::getenv);
    }

    static PublicationSpec read(Path file, Map<String, String> parameters, Substitution.Environment environment) {
        return new PublicationFile(file, environment).read(parameters);
    }

    private PublicationSpec read(Map<String, String> parameters) {
        YamlNode root = YamlReader.read(
                file,
                TextFile.content(
                        file,
                        what -> new PublisherException(
                                Category.USAGE, "PUBLICATION_FILE", "publication file: " + what)));
        root.members(KEYS);
        Mode mode = mode(root.member("mode"));
        String namespace = namespace(root);
        ContractLocation contract = contract(root);
        SourceConfig source =
                new SourceReader(file, directory, substitution, mode).read(root.required("source"), parameters);
        return new PublicationSpec(
                file,
                namespace,
                contract,
                source,
                mode,
                ChecksReader.read(root.member("checks")),
                retention(root.member("retention")),
                labels(root.member("labels")));
    }

    private static Mode mode(@Nullable YamlNode mode) {
        if (mode == null) {
            return Mode.MODE_SNAPSHOT;
        }
        return switch (mode.text()) {
            case "snapshot" -> Mode.MODE_SNAPSHOT;
            case "upsert" -> Mode.MODE_UPSERT;
            case "delta" -> Mode.MODE_DELTA;
            default -> throw mode.error(mode.text() + " (expected: snapshot, upsert or delta)");
        };
    }

    private static String namespace(YamlNode root) {
        YamlNode node = root.member("namespace");
        if (node == null) {
            return PublicationSpec.NAMESPACE_DEFAULT;
        }
        try {
            DatasetId.requireNamespace(node.text());
        } catch (IllegalArgumentException e) {
            throw node.error(String.valueOf(e.getMessage()));
        }
        return node.text();
    }

    private ContractLocation contract(YamlNode root) {
        YamlNode location = root.oneOf("contract", "descriptors");
        boolean isDescriptorSet = location.key().equals("descriptors");
        YamlNode protoPath = root.member("proto_path");
        if (isDescriptorSet && protoPath != null) {
            throw protoPath.error("has no meaning with descriptors, which are complete (remove it)");
        }
        List<Path> paths = protoPath == null
                ? List.of(directory)
                : protoPath.texts().stream()
                        .map(path -> protoPath.resolve(directory, path))
                        .toList();
        return new ContractLocation(
                location.resolve(directory, location.text()),
                isDescriptorSet,
                isDescriptorSet ? List.of() : paths,
                root.required("message").text());
    }

    private static int retention(@Nullable YamlNode retention) {
        if (retention == null) {
            return PublicationSpec.RETENTION_VERSIONS_DEFAULT;
        }
        retention.members(List.of("versions"));
        return Math.toIntExact(Math.min(retention.required("versions").wholeNumber(1), Integer.MAX_VALUE));
    }

    private Map<String, String> labels(@Nullable YamlNode labels) {
        Map<String, String> values = new LinkedHashMap<>();
        if (labels != null) {
            labels.members().forEach((name, value) -> values.put(name, substitution.applyWithoutSecrets(value)));
        }
        return values;
    }
}
