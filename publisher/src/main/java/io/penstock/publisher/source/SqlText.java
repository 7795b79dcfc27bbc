package io.penstock.publisher.source;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.util.ArrayList;
import java.util.List;

/**
 * A SQL text, scanned just far enough to know where its quoted parts and comments are: that decides whether it is one
 * statement and what paths it names. What it means is the database's business.
 *
 * @param statement the one statement, without the semicolon after it
 * @param quoted the contents of its string literals and quoted names
 */
record SqlText(String statement, List<String> quoted) {
    /** Checks that a text is one statement; {@code name} is what to call it in errors. */
    static SqlText single(String text, String name) {
        return new Scan(text, name).run();
    }

    /** One pass over a text. */
    private static final class Scan {
        private final String text;
        private final String name;
        private final List<String> quoted = new ArrayList<>();
        private int at;
        private boolean hasWords;

        Scan(String text, String name) {
            this.text = text;
            this.name = name;
        }

        SqlText run() {
            int end = text.length();
            while (at < text.length()) {
                if (skipComment() || skipDollarQuoted()) {
                    continue;
                }
                char c = text.charAt(at);
                if (c == ';') {
                    end = Math.min(end, at);
                    at++;
                    continue;
                }
                if (Character.isWhitespace(c)) {
                    at++;
                    continue;
                }
                if (end < text.length()) {
                    throw refused("holds more than one statement (expected: one query)");
                }
                hasWords = true;
                if (c == '\'' || c == '"' || c == '`') {
                    skipQuoted(c);
                } else {
                    at++;
                }
            }
            if (!hasWords) {
                throw refused("is empty (expected: one query)");
            }
            return new SqlText(text.substring(0, end), quoted);
        }

        private boolean skipComment() {
            if (text.startsWith("--", at)) {
                int newline = text.indexOf('\n', at);
                at = newline < 0 ? text.length() : newline + 1;
                return true;
            }
            if (text.startsWith("/*", at)) {
                int close = text.indexOf("*/", at + 2);
                if (close < 0) {
                    throw refused("has a comment that does not end");
                }
                at = close + 2;
                return true;
            }
            return false;
        }

        /** {@code $$…$$} and {@code $tag$…$tag$}. */
        private boolean skipDollarQuoted() {
            if (text.charAt(at) != '$' || (at > 0 && Character.isJavaIdentifierPart(text.charAt(at - 1)))) {
                return false;
            }
            int tagEnd = at + 1;
            while (tagEnd < text.length()
                    && (Character.isLetterOrDigit(text.charAt(tagEnd)) || text.charAt(tagEnd) == '_')) {
                tagEnd++;
            }
            if (tagEnd >= text.length() || text.charAt(tagEnd) != '$') {
                return false;
            }
            String tag = text.substring(at, tagEnd + 1);
            int close = text.indexOf(tag, tagEnd + 1);
            if (close < 0) {
                return false;
            }
            hasWords = true;
            quoted.add(text.substring(tagEnd + 1, close));
            at = close + tag.length();
            return true;
        }

        private void skipQuoted(char quote) {
            boolean escapes = quote == '\'' && at > 0 && (text.charAt(at - 1) == 'E' || text.charAt(at - 1) == 'e');
            StringBuilder content = new StringBuilder();
            int i = at + 1;
            while (i < text.length()) {
                char c = text.charAt(i);
                if (escapes && c == '\\' && i + 1 < text.length()) {
                    content.append(text.charAt(i + 1));
                    i += 2;
                } else if (c != quote) {
                    content.append(c);
                    i++;
                } else if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
                    content.append(quote);
                    i += 2;
                } else {
                    quoted.add(content.toString());
                    at = i + 1;
                    return;
                }
            }
            throw refused("has a " + quote + " that is not closed");
        }

        private SourceException refused(String what) {
            return new SourceException(Category.REFUSED, "SQL_STATEMENT", name + ": the SQL text " + what);
        }
    }
}
