package io.penstock.publisher.convert;

import io.penstock.contract.v1.FieldRules;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A contract's {@code not_blank} and {@code pattern} for one field. A pattern that would look at a text again and again ends
 * with a refusal rather than never: it may look at {@link #LOOKS_MAX} characters for one value.
 */
final class TextRule implements ValueRule {
    /** A simple pattern looks at each character of the largest row (1 MiB) once or twice. */
    static final int LOOKS_MAX = 20_000_000;

    private final boolean notBlank;
    private final @Nullable Pattern pattern;

    private TextRule(boolean notBlank, @Nullable Pattern pattern) {
        this.notBlank = notBlank;
        this.pattern = pattern;
    }

    /** Null when the contract says neither. */
    static @Nullable TextRule of(FieldRules rules) {
        if (!rules.getNotBlank() && rules.getPattern().isEmpty()) {
            return null;
        }
        return new TextRule(
                rules.getNotBlank(), rules.getPattern().isEmpty() ? null : Pattern.compile(rules.getPattern()));
    }

    @Override
    public void check(Object converted) {
        String text = (String) converted;
        if (notBlank && text.isBlank()) {
            throw violated("is blank, and the contract says not_blank");
        }
        if (pattern != null && !matches(pattern, text)) {
            throw violated("does not match its pattern '" + pattern + "'");
        }
    }

    private static boolean matches(Pattern pattern, String text) {
        try {
            return pattern.matcher(new CountedText(text)).matches();
        } catch (TooManyLooks | StackOverflowError e) {
            throw violated("takes too long to compare with its pattern '" + pattern + "' (simplify the pattern)");
        }
    }

    private static ConversionException violated(String how) {
        return new ConversionException(ConversionException.RULE_VIOLATED, "the value " + how);
    }

    /** A text that can be looked at so many times. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private int looks;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > LOOKS_MAX) {
                throw new TooManyLooks();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooManyLooks extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyLooks() {
            super(null, null, false, false);
        }
    }
}
