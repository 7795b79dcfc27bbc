package io.penstock.it.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown page whose fenced blocks are files, commands and outputs. A file's name stands above it, alone in its line,
 * bold and as code; {@code sh} blocks are commands; {@code text} blocks are what they print.
 */
record Page(List<Block> blocks) {
    private static final Pattern CAPTION = Pattern.compile("\\*\\*`(.+)`\\*\\*");
    private static final Pattern FENCE = Pattern.compile("```(\\w*)");

    /** @param file the name above the block; empty if there is none */
    record Block(String language, String file, String text) {
        boolean isFile() {
            return !file.isEmpty();
        }
    }

    /** Reads a page, with some words replaced. */
    static Page read(Path path, Map<String, String> replacements) throws IOException {
        String page = Files.readString(path);
        for (Map.Entry<String, String> each : replacements.entrySet()) {
            page = page.replace(each.getKey(), each.getValue());
        }
        List<Block> blocks = new ArrayList<>();
        String caption = "";
        String language = "";
        StringBuilder text = null;
        for (String line : page.lines().toList()) {
            Matcher fence = FENCE.matcher(line);
            Matcher named = CAPTION.matcher(line);
            if (text != null && line.equals("```")) {
                blocks.add(new Block(language, caption, text.toString()));
                text = null;
                caption = "";
            } else if (text != null) {
                text.append(line).append('\n');
            } else if (fence.matches()) {
                language = fence.group(1);
                text = new StringBuilder();
            } else if (named.matches()) {
                caption = named.group(1);
            } else if (!line.isBlank()) {
                caption = "";
            }
        }
        return new Page(List.copyOf(blocks));
    }

    void writeFiles(Path directory) throws IOException {
        for (Block block : blocks) {
            if (block.isFile()) {
                Path file = directory.resolve(block.file);
                Files.createDirectories(file.getParent());
                Files.writeString(file, block.text);
            }
        }
    }

    List<String> commands() {
        return texts("sh");
    }

    List<String> outputs() {
        return texts("text");
    }

    private List<String> texts(String language) {
        return blocks.stream()
                .filter(block -> block.language.equals(language) && !block.isFile())
                .map(Block::text)
                .toList();
    }
}
