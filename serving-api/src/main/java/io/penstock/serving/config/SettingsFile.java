package io.penstock.serving.config;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.penstock.serving.ServingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads a YAML file into settings that remember their lines. A key that is no setting, or stands twice, is refused. */
final class SettingsFile {
    private final String name;
    private final List<SettingKey> keys;
    private final Map<String, Given> givens = new LinkedHashMap<>();

    private SettingsFile(String name, List<SettingKey> keys) {
        this.name = name;
        this.keys = keys;
    }

    /**
     * What somebody set.
     *
     * @param texts one, or, for a list, any number
     * @param where file and line, environment variable or flag, for messages
     */
    record Given(List<String> texts, String where) {}

    /**
     * Reads a file's text.
     *
     * @param name the file's name, for messages
     * @throws ServingException naming file and line
     */
    static Map<String, Given> parse(String name, String yaml, List<SettingKey> keys) {
        SettingsFile file = new SettingsFile(name, keys);
        try (JsonParser parser = YAMLFactory.builder().build().createParser(yaml)) {
            file.read(parser);
        } catch (JsonParseException e) {
            throw invalid(
                    name + ":" + e.getLocation().getLineNr() + ": not YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw invalid(name + ": cannot be read: " + e.getMessage());
        }
        return file.givens;
    }

    private void read(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null || first == JsonToken.VALUE_NULL) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            throw refuse(parser, "not settings (expected: key: value)");
        }
        section(parser, "");
        if (parser.nextToken() != null) {
            throw refuse(parser, "a second document (expected: one)");
        }
    }

    private void section(JsonParser parser, String prefix) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String path = prefix + parser.currentName();
            String where = where(parser);
            JsonToken value = parser.nextToken();
            if (isSetting(path)) {
                if (givens.put(path, new Given(texts(parser, value, path), where)) != null) {
                    throw refuse(parser, "'" + path + "' a second time");
                }
            } else if (!isSection(path)) {
                throw invalid(where + ": unknown setting '" + path + "' (expected: one of " + namesUnder(prefix) + ")");
            } else if (value != JsonToken.START_OBJECT) {
                throw refuse(
                        parser,
                        "'" + path + "' is a section (expected: its settings, indented: " + namesUnder(path + ".")
                                + ")");
            } else {
                section(parser, path + ".");
            }
        }
    }

    private List<String> texts(JsonParser parser, JsonToken value, String path) throws IOException {
        if (value.isScalarValue()
                && value != JsonToken.VALUE_NULL
                && !parser.getText().isEmpty()) {
            return List.of(parser.getText());
        }
        if (value != JsonToken.START_ARRAY) {
            throw refuse(parser, "'" + path + "' has no value");
        }
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!parser.currentToken().isScalarValue()) {
                throw refuse(parser, "'" + path + "' has a list in its list (expected: plain values)");
            }
            texts.add(parser.getText());
        }
        return texts;
    }

    private boolean isSetting(String path) {
        return keys.stream().anyMatch(key -> key.path().equals(path));
    }

    private boolean isSection(String path) {
        return keys.stream().anyMatch(key -> key.path().startsWith(path + "."));
    }

    private Set<String> namesUnder(String prefix) {
        Set<String> names = new TreeSet<>();
        for (SettingKey key : keys) {
            if (key.path().startsWith(prefix)) {
                String rest = key.path().substring(prefix.length());
                int dot = rest.indexOf('.');
                names.add(dot < 0 ? rest : rest.substring(0, dot));
            }
        }
        return names;
    }

    private ServingException refuse(JsonParser parser, String what) {
        return invalid(where(parser) + ": " + what);
    }

    private String where(JsonParser parser) {
        return name + ":" + parser.currentTokenLocation().getLineNr();
    }

    private static ServingException invalid(String message) {
        return new ServingException(ServingException.Code.INVALID_CONFIG, message);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
