package io.penstock.publisher.file;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in place of {@code ${name}} in SQL. It is text for text, inside quotes too, so a value that could end a quote,
 * a statement or begin a comment is refused, unless the file declares the parameter {@code raw}.
 */
final class SqlParameters {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}\\n]*)}?");
    private static final List<String> UNSAFE = List.of("'", "\"", "`", ";", "--", "/*", "*/", "#", "\\", "$");

    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    /** A value, and whether it is to be taken as it is. */
    private record Parameter(String value, boolean raw) {}

    /** Reads {@code name: value} and {@code name: {raw: value}}. */
    static SqlParameters of(Map<String, YamlNode> declared, Substitution substitution) {
        SqlParameters parameters = new SqlParameters();
        declared.forEach((name, node) -> {
            if (!NAME.matcher(name).matches()) {
                throw node.error("not a parameter's name (expected: letters, digits and _)");
            }
            boolean raw = !node.isScalar();
            if (raw) {
                node.members(List.of("raw"));
            }
            String value = substitution.apply(raw ? node.required("raw") : node);
            if (!raw && isUnsafe(value)) {
                throw node.error(unsafe(name));
            }
            parameters.parameters.put(name, new Parameter(value, raw));
        });
        return parameters;
    }

    /** Replaces values of declared parameters; raw ones stay raw. */
    void override(Map<String, String> values, Path file) {
        values.forEach((name, value) -> {
            Parameter declared = parameters.get(name);
            if (declared == null) {
                throw usage("--set " + name + ": not a parameter of " + file + " (declared there: " + declared() + ")");
            }
            if (!declared.raw() && isUnsafe(value)) {
                throw usage("--set " + name + ": " + unsafe(name));
            }
            parameters.put(name, new Parameter(value, declared.raw()));
        });
    }

    /**
     * Fills a text in. What is in braces after a dollar sign and no parameter is an error: left alone, it would be compared or
     * searched for as it stands, and find nothing.
     *
     * @param origin where the text, or the name of its file, stands
     */
    String fillIn(String sql, YamlNode origin) {
        StringBuilder filled = new StringBuilder();
        Matcher reference = REFERENCE.matcher(sql);
        while (reference.find()) {
            Parameter parameter = parameters.get(reference.group(1));
            if (parameter == null) {
                throw origin.error("no parameter for " + reference.group() + " (declared under source.parameters: "
                        + declared() + ")");
            }
            reference.appendReplacement(filled, Matcher.quoteReplacement(parameter.value()));
        }
        reference.appendTail(filled);
        return filled.toString();
    }

    private String declared() {
        return parameters.isEmpty() ? "none" : String.join(", ", new TreeSet<>(parameters.keySet()));
    }

    private static boolean isUnsafe(String value) {
        return UNSAFE.stream().anyMatch(value::contains) || value.chars().anyMatch(Character::isISOControl);
    }

    private static String unsafe(String name) {
        return "the value holds a quote, a semicolon, a comment mark or the like, which could change the statement (if that"
                + " is meant, declare the parameter as " + name + ": {raw: …})";
    }

    private static PublisherException usage(String what) {
        return new PublisherException(Category.USAGE, "PUBLICATION_FILE", what);
    }
}
