package io.penstock.publisher.file;

import io.penstock.publisher.source.Redaction;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in {@code ${env:NAME}}, {@code ${env:NAME:-default}} and {@code ${file:/path}}, and remembers what must be hidden
 * from then on: what came from a file, and what came from a variable that is named like a password.
 */
final class Substitution {
    private static final int FILE_BYTES_MAX = 64 << 10;
    private static final String DEFAULT_SEPARATOR = ":-";
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{(?<kind>env|file):(?<rest>[^}]*)}|\\$\\{(?<other>[^}]*)}?");

    private final Path directory;
    private final Environment environment;
    private final Set<String> secrets = new LinkedHashSet<>();

    Substitution(Path directory, Environment environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** What must not be shown. */
    Set<String> secrets() {
        return Set.copyOf(secrets);
    }

    String apply(YamlNode node) {
        return replace(node, false);
    }

    /** For what is stored and shown: a secret must not get in there. */
    String applyWithoutSecrets(YamlNode node) {
        return replace(node, true);
    }

    private String replace(YamlNode node, boolean shown) {
        StringBuilder result = new StringBuilder();
        Matcher reference = REFERENCE.matcher(node.text());
        while (reference.find()) {
            String kind = reference.group("kind");
            if (kind == null) {
                // What it is, is not said: it may be a part of a password.
                throw node.error("holds a ${…} that is none of ${env:NAME}, ${env:NAME:-default} and ${file:/path}");
            }
            String rest = reference.group("rest");
            boolean isVariable = kind.equals("env");
            if (shown && (!isVariable || Redaction.isSecretName(variableName(rest)))) {
                throw node.error(reference.group() + " may be secret, but labels are stored and shown (remove it)");
            }
            String replacement = isVariable ? variable(rest, node) : fileContent(rest, node);
            reference.appendReplacement(result, Matcher.quoteReplacement(replacement));
        }
        reference.appendTail(result);
        return result.toString();
    }

    private static String variableName(String rest) {
        int separator = rest.indexOf(DEFAULT_SEPARATOR);
        return separator < 0 ? rest : rest.substring(0, separator);
    }

    /** As a shell does it: the default stands in for an empty value, too. */
    private String variable(String rest, YamlNode node) {
        String name = variableName(rest);
        boolean hasDefault = name.length() < rest.length();
        String value = environment.get(name);
        if (hasDefault && (value == null || value.isEmpty())) {
            return rest.substring(name.length() + DEFAULT_SEPARATOR.length());
        }
        if (value == null) {
            throw node.error(
                    "the environment variable " + name + " is not set (set it, or write ${env:" + name + ":-default})");
        }
        if (Redaction.isSecretName(name)) {
            secrets.add(value);
        }
        return value;
    }

    /** Without the line's end that editors leave behind. */
    private String fileContent(String path, YamlNode node) {
        try (InputStream content = Files.newInputStream(directory.resolve(path))) {
            byte[] bytes = content.readNBytes(FILE_BYTES_MAX + 1);
            if (bytes.length > FILE_BYTES_MAX) {
                throw node.error("the file " + path + " has more than " + FILE_BYTES_MAX + " bytes");
            }
            String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
            secrets.add(text);
            return text;
        } catch (IOException | InvalidPathException e) {
            throw node.error("cannot read the file " + path);
        }
    }

    /** Where variables are looked up. */
    @FunctionalInterface
    interface Environment {
        @Nullable
        String get(String name);
    }
}
