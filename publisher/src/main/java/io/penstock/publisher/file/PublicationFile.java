package io.penstock.publisher.file;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.file.PublicationSpec.ContractLocation;
import io.penstock.publisher.source.JdbcSourceConfig;
import io.penstock.store.DatasetId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
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
    private static final List<String> SOURCE_KEYS =
            List.of("url", "properties", "query", "sql", "parameters", "data_as_of");
    private static final String MODE = "snapshot";
    /** A publication file or a query beyond it is something else by mistake. */
    private static final int FILE_BYTES_MAX = 1 << 20;

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
                content(
                        file,
                        what -> new PublisherException(
                                Category.USAGE, "PUBLICATION_FILE", "publication file: " + what)));
        root.members(KEYS);
        requireSnapshot(root.member("mode"));
        String namespace = namespace(root);
        ContractLocation contract = contract(root);
        JdbcSourceConfig source = source(root.required("source"), parameters);
        return new PublicationSpec(
                file,
                namespace,
                contract,
                source,
                ChecksReader.read(root.member("checks")),
                retention(root.member("retention")),
                labels(root.member("labels")));
    }

    private static void requireSnapshot(@Nullable YamlNode mode) {
        if (mode != null && !mode.text().equals(MODE)) {
            throw mode.error(mode.text() + " (expected: " + MODE + ")");
        }
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
        YamlNode location = oneOf(root, "contract", "descriptors");
        boolean isDescriptorSet = location.key().equals("descriptors");
        YamlNode protoPath = root.member("proto_path");
        if (isDescriptorSet && protoPath != null) {
            throw protoPath.error("has no meaning with descriptors, which are complete (remove it)");
        }
        List<Path> paths = protoPath == null
                ? List.of(directory)
                : protoPath.texts().stream()
                        .map(path -> resolve(path, protoPath))
                        .toList();
        return new ContractLocation(
                resolve(location.text(), location),
                isDescriptorSet,
                isDescriptorSet ? List.of() : paths,
                root.required("message").text());
    }

    private static YamlNode oneOf(YamlNode parent, String one, String other) {
        YamlNode first = parent.member(one);
        YamlNode second = parent.member(other);
        if (first != null && second != null) {
            throw second.error("stands beside " + first.key() + " (expected: one of them)");
        }
        if (first == null && second == null) {
            throw parent.error(
                    "neither the key " + one + " nor the key " + other + " is there (expected: one of them)");
        }
        return first != null ? first : Objects.requireNonNull(second);
    }

    private JdbcSourceConfig source(YamlNode source, Map<String, String> overrides) {
        source.members(SOURCE_KEYS);
        YamlNode url = source.member("url");
        YamlNode declared = source.member("parameters");
        SqlParameters parameters = SqlParameters.of(declared == null ? Map.of() : declared.members(), substitution);
        parameters.override(overrides, file);
        YamlNode statement = oneOf(source, "query", "sql");
        boolean inFile = statement.key().endsWith("query");
        String sql = inFile ? content(resolve(statement.text(), statement), statement::error) : statement.text();
        String name = inFile ? statement.text() : "sql";
        YamlNode dataAsOf = source.member("data_as_of");
        Map<String, String> properties = substituted(source.member("properties"));
        String jdbcUrl = url == null ? JdbcSourceConfig.URL_DEFAULT : substitution.apply(url);
        if (!jdbcUrl.startsWith("jdbc:") && url != null) {
            throw url.error("not a JDBC URL (expected: jdbc:…)");
        }
        return new JdbcSourceConfig(
                jdbcUrl,
                properties,
                substitution.secrets(),
                parameters.fillIn(sql, statement),
                name,
                Optional.ofNullable(dataAsOf).map(node -> parameters.fillIn(node.text(), node)),
                directory,
                List.of(),
                false);
    }

    private Map<String, String> substituted(@Nullable YamlNode node) {
        Map<String, String> values = new LinkedHashMap<>();
        if (node != null) {
            node.members().forEach((name, value) -> values.put(name, substitution.apply(value)));
        }
        return values;
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

    private Path resolve(String path, YamlNode node) {
        try {
            return directory.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw node.error("'" + path + "' is not a path");
        }
    }

    private static String content(Path path, Function<String, PublisherException> error) {
        try (InputStream content = Files.newInputStream(path)) {
            byte[] bytes = content.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw error.apply(path + " has more than " + FILE_BYTES_MAX + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error.apply(path + " is not UTF-8 text");
        } catch (IOException e) {
            throw error.apply("cannot read " + path + " (expected: a file)");
        }
    }
}
