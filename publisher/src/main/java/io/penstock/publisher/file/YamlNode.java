package io.penstock.publisher.file;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a YAML document that knows where it stands, so that every error says file, line and key. Scalars are kept as
 * they were written: {@code 007} is a text, not 7.
 */
final class YamlNode {
    private final Path file;
    private final int line;
    private final String key;
    private final @Nullable String scalar;
    private final @Nullable Map<String, YamlNode> members;
    private final @Nullable List<YamlNode> elements;

    private YamlNode(
            Path file,
            int line,
            String key,
            @Nullable String scalar,
            @Nullable Map<String, YamlNode> members,
            @Nullable List<YamlNode> elements) {
        this.file = file;
        this.line = line;
        this.key = key;
        this.scalar = scalar;
        this.members = members;
        this.elements = elements;
    }

    static YamlNode scalar(Path file, int line, String key, String text) {
        return new YamlNode(file, line, key, text, null, null);
    }

    static YamlNode mapping(Path file, int line, String key, Map<String, YamlNode> members) {
        return new YamlNode(file, line, key, null, members, null);
    }

    static YamlNode sequence(Path file, int line, String key, List<YamlNode> elements) {
        return new YamlNode(file, line, key, null, null, elements);
    }

    /** The name of the key it is the value of, from the top: {@code source.url}. */
    String key() {
        return key;
    }

    boolean isScalar() {
        return scalar != null;
    }

    boolean isSequence() {
        return elements != null;
    }

    String text() {
        if (scalar == null) {
            throw error((members != null ? "a mapping" : "a list") + " (expected: one value)");
        }
        return scalar;
    }

    /** The members of a mapping; any names. */
    Map<String, YamlNode> members() {
        if (members == null) {
            throw error((scalar != null ? "one value" : "a list") + " (expected: a mapping of keys to values)");
        }
        return members;
    }

    /** The members of a mapping that may have these keys and no others. */
    Map<String, YamlNode> members(List<String> known) {
        for (Map.Entry<String, YamlNode> member : members().entrySet()) {
            if (!known.contains(member.getKey())) {
                throw member.getValue().error("unknown key (known here: " + String.join(", ", known) + ")");
            }
        }
        return members();
    }

    @Nullable
    YamlNode member(String name) {
        return members().get(name);
    }

    YamlNode required(String name) {
        YamlNode member = member(name);
        if (member == null) {
            throw error("the key " + name + " is missing");
        }
        return member;
    }

    /** The one of several members that is there; exactly one has to be. */
    YamlNode oneOf(String... names) {
        YamlNode found = null;
        for (String name : names) {
            YamlNode member = member(name);
            if (member != null && found != null) {
                throw member.error("stands beside " + found.key() + " (expected: one of them)");
            }
            found = member != null ? member : found;
        }
        if (found == null) {
            throw error("neither the key " + String.join(" nor the key ", names) + " is there (expected: one of them)");
        }
        return found;
    }

    List<String> texts() {
        if (elements == null) {
            throw error((scalar != null ? "one value" : "a mapping") + " (expected: a list)");
        }
        List<String> texts = new ArrayList<>();
        elements.forEach(element -> texts.add(element.text()));
        return texts;
    }

    long wholeNumber(long min) {
        try {
            long number = Long.parseLong(text());
            if (number >= min) {
                return number;
            }
        } catch (NumberFormatException e) {
            // The refusal below says it.
        }
        throw error("'" + text() + "' (expected: a whole number >= " + min + ")");
    }

    /** A path that stands here, wholly or in part, as seen from a directory. */
    Path resolve(Path directory, String path) {
        try {
            return directory.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw error("'" + path + "' is not a path");
        }
    }

    PublisherException error(String what) {
        return error(file, line, key, what);
    }

    static PublisherException error(Path file, int line, String key, String what) {
        return new PublisherException(
                Category.USAGE,
                "PUBLICATION_FILE",
                Objects.requireNonNull(file) + ":" + line + ": " + (key.isEmpty() ? "" : key + ": ") + what);
    }
}
