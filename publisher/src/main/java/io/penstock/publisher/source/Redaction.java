package io.penstock.publisher.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a text what nobody must read there: the secrets of a connection, and, of a database's error message, the
 * values of rows. What stands in the statement itself is its author's and stays.
 */
public final class Redaction {
    private static final String HIDDEN = "***";
    private static final String VALUE = "…";
    private static final int MESSAGE_CHARS_MAX = 1_000;
    /** Shorter texts are in too many words to be replaced. */
    private static final int SECRET_CHARS_MIN = 3;

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(pass|pwd|secret|token|credential|signature|private|apikey|api_key|access_?key|account_?key).*");
    private static final Pattern USER_INFO = Pattern.compile("//[^/?#;]*@");
    private static final Pattern ORACLE_LOGIN = Pattern.compile(":[^:/@;?]+/[^@;?]*@");
    private static final Pattern PARAMETER = Pattern.compile("([?&;,(]\\s*[A-Za-z0-9_.$-]+\\s*=)([^&;,)]*)");
    private static final Pattern PASSWORD_IN_USER_INFO = Pattern.compile("//[^/?#;:]*:([^/?#;]*)@");
    private static final Pattern PASSWORD_IN_ORACLE_LOGIN = Pattern.compile(":[^:/@;?]+/([^@;?]*)@");

    private static final Pattern CSV_LINE = Pattern.compile("(?m)^Original Line:.*\\R?");
    private static final Pattern KEY_DETAIL = Pattern.compile("=\\([^)]*\\)");
    private static final Pattern QUOTED = Pattern.compile(
            "(?<named>(?i:column|table|relation|function|schema|type|pattern|near) )?(?:'(?<single>[^'\\n]*)'|\"(?<double>[^\"\\n]*)\")");
    private static final Pattern NUMBER = Pattern.compile(
            "(?<place>(?i:line|line:|position|position:) )?(?<![\\w.\"'])-?\\d+(?:[.:-]\\d+)*(?![\\w\"'])");
    private static final Pattern SUGGESTION =
            Pattern.compile("(?i)^(candidate bindings|did you mean|candidate functions|possible ).*");

    private final List<String> secrets;

    private Redaction(Set<String> secrets) {
        // Longest first: one secret may contain another.
        List<String> ordered = new ArrayList<>(secrets);
        ordered.sort(Comparator.comparingInt(String::length).reversed());
        this.secrets = List.copyOf(ordered);
    }

    /** Hides these secrets, those in the URL, and the values of properties that are named like passwords. */
    public static Redaction of(String url, Map<String, String> properties, Set<String> secrets) {
        Set<String> all = new LinkedHashSet<>(secrets);
        properties.forEach((name, value) -> {
            if (isSecretName(name)) {
                all.add(value);
            }
        });
        addMatches(PASSWORD_IN_USER_INFO, url, 1, all);
        addMatches(PASSWORD_IN_ORACLE_LOGIN, url, 1, all);
        Matcher parameter = PARAMETER.matcher(url);
        while (parameter.find()) {
            if (isSecretName(parameter.group(1))) {
                all.add(parameter.group(2));
            }
        }
        all.removeIf(secret -> secret.length() < SECRET_CHARS_MIN);
        return new Redaction(all);
    }

    private static void addMatches(Pattern pattern, String text, int group, Set<String> to) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            to.add(matcher.group(group));
        }
    }

    /** Whether a property of this name is to be hidden. */
    public static boolean isSecretName(String name) {
        return SECRET_NAME.matcher(name).matches();
    }

    /** A JDBC URL without user, password and the values of its parameters. */
    public static String url(String url) {
        String shown = USER_INFO.matcher(url).replaceAll("//" + HIDDEN + "@");
        shown = ORACLE_LOGIN.matcher(shown).replaceAll(":" + HIDDEN + "@");
        return PARAMETER.matcher(shown).replaceAll("$1" + HIDDEN);
    }

    /** A text without the secrets. */
    public String text(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, HIDDEN);
        }
        return shown;
    }

    /**
     * A database's message about a statement, without secrets and without values of rows: a quoted text or a number that is
     * not in the statement, names of columns and tables aside, is one until proven otherwise.
     */
    public String databaseMessage(String message, String statement) {
        String withoutLines = CSV_LINE.matcher(message).replaceAll("");
        StringBuilder shown = new StringBuilder();
        for (String line : withoutLines.lines().toList()) {
            boolean ofStatement = line.startsWith("LINE ")
                    || line.isBlank()
                    || line.strip().chars().allMatch(c -> c == '^');
            if (ofStatement || SUGGESTION.matcher(line).matches()) {
                shown.append(line).append('\n');
                continue;
            }
            String masked = KEY_DETAIL.matcher(line).replaceAll("=(" + VALUE + ")");
            masked = QUOTED.matcher(masked).replaceAll(found -> Matcher.quoteReplacement(quoted(found, statement)));
            masked = NUMBER.matcher(masked)
                    .replaceAll(found -> Matcher.quoteReplacement(
                            found.group(1) != null || statement.contains(found.group()) ? found.group() : VALUE));
            shown.append(masked).append('\n');
        }
        String text = text(shown.toString().strip());
        return text.length() <= MESSAGE_CHARS_MAX ? text : text.substring(0, MESSAGE_CHARS_MAX) + VALUE;
    }

    private static String quoted(java.util.regex.MatchResult found, String statement) {
        String named = found.group(1) == null ? "" : found.group(1);
        String content = found.group(2) != null ? found.group(2) : found.group(3);
        char quote = found.group(2) != null ? '\'' : '"';
        boolean stays = !named.isEmpty() || statement.contains(content);
        return named + quote + (stays ? content : VALUE) + quote;
    }
}
