package io.penstock.protoc;

import java.util.ArrayList;
import java.util.List;

/** A documentation comment in the making. Texts of a contract go through {@link #text}, and can do no harm after it. */
final class Javadoc {
    private static final int WIDTH_MAX = 120;

    private final String indent;
    private final List<String> paragraphs = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();

    Javadoc(String indent) {
        this.indent = indent;
    }

    /** A contract's text as it can stand in a documentation comment, in one line, in ASCII. */
    static String text(String contractText) {
        StringBuilder escaped = new StringBuilder();
        contractText.strip().replaceAll("\\s+", " ").codePoints().forEach(c -> {
            // A backslash could begin a Unicode escape, which Java reads even here.
            boolean harmless = c >= ' ' && c < 0x7f && "&<>@\\".indexOf(c) < 0;
            boolean ends = c == '/' && escaped.length() > 0 && escaped.charAt(escaped.length() - 1) == '*';
            if (harmless && !ends) {
                escaped.append((char) c);
            } else if (c >= ' ' && c != 0x7f) {
                escaped.append("&#").append(c).append(';');
            }
        });
        return escaped.toString();
    }

    /** Adds a paragraph if there is anything in it. */
    Javadoc paragraph(String html) {
        if (!html.isEmpty()) {
            paragraphs.add(html);
        }
        return this;
    }

    Javadoc tag(String name, String html) {
        tags.add(html.isEmpty() ? "@" + name : "@" + name + " " + html);
        return this;
    }

    /** The comment with its line end; one line if it fits. */
    @Override
    public String toString() {
        if (paragraphs.size() == 1 && tags.isEmpty()) {
            String line = indent + "/** " + paragraphs.get(0) + " */\n";
            if (line.length() <= WIDTH_MAX + 1) {
                return line;
            }
        }
        StringBuilder comment = new StringBuilder(indent).append("/**\n");
        for (int i = 0; i < paragraphs.size(); i++) {
            if (i > 0) {
                comment.append(indent).append(" *\n");
            }
            appendWrapped(comment, i == 0 ? paragraphs.get(i) : "<p>" + paragraphs.get(i), "");
        }
        if (!paragraphs.isEmpty() && !tags.isEmpty()) {
            comment.append(indent).append(" *\n");
        }
        tags.forEach(tag -> appendWrapped(comment, tag, "    "));
        return comment.append(indent).append(" */\n").toString();
    }

    private void appendWrapped(StringBuilder comment, String text, String hanging) {
        StringBuilder line = new StringBuilder(indent).append(" *");
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH_MAX) {
                comment.append(line).append('\n');
                line.setLength(0);
                line.append(indent).append(" *").append(hanging);
            }
            line.append(' ').append(word);
            empty = false;
        }
        comment.append(line).append('\n');
    }
}
