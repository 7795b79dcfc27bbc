package io.penstock.publisher.file;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads one YAML document of plain mappings, lists and scalars; what is twice, empty or clever is refused. */
final class YamlReader {
    private final Path file;
    private final YAMLParser parser;

    private YamlReader(Path file, YAMLParser parser) {
        this.file = file;
        this.parser = parser;
    }

    static YamlNode read(Path file, String text) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            YamlReader reader = new YamlReader(file, parser);
            if (parser.nextToken() == null) {
                throw YamlNode.error(file, 1, "", "empty (expected: a publication)");
            }
            YamlNode document = reader.node("");
            if (parser.nextToken() != null) {
                throw YamlNode.error(file, reader.line(), "", "a second document (expected: one)");
            }
            return document;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw YamlNode.error(file, line, "", "not YAML: " + reason(e.getOriginalMessage()));
        } catch (IOException e) {
            throw YamlNode.error(file, 1, "", "cannot be read: " + e.getMessage());
        }
    }

    /** What the parser says without the lines it quotes, which it indents: a password may be in them. */
    private static String reason(String message) {
        return message.lines().filter(line -> !line.startsWith(" ")).collect(Collectors.joining(", "));
    }

    private YamlNode node(String key) throws IOException {
        int line = line();
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            throw YamlNode.error(file, line, key, "anchors and aliases are not supported");
        }
        if (parser.getTypeId() != null) {
            throw YamlNode.error(file, line, key, "tags are not supported (put a value that begins with ! in quotes)");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return YamlNode.mapping(file, line, key, members(key));
        }
        if (token == JsonToken.START_ARRAY) {
            List<YamlNode> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(node(key + "[" + elements.size() + "]"));
            }
            return YamlNode.sequence(file, line, key, elements);
        }
        if (token == JsonToken.VALUE_NULL) {
            throw YamlNode.error(file, line, key, "no value (remove the key, or write \"\" for an empty text)");
        }
        return YamlNode.scalar(file, line, key, parser.getText());
    }

    private Map<String, YamlNode> members(String key) throws IOException {
        Map<String, YamlNode> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int line = line();
            String path = key.isEmpty() ? name : key + "." + name;
            parser.nextToken();
            if (members.put(name, node(path)) != null) {
                throw YamlNode.error(file, line, path, "the key is there twice");
            }
        }
        return members;
    }

    private int line() {
        return ((JsonParser) parser).currentTokenLocation().getLineNr();
    }
}
