package io.penstock.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as they are written on the command line: {@code 250ms}, {@code 60s}, {@code 1h30m}, {@code 7d}. */
public final class Durations {
    private static final Pattern SHAPE =
            Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m(?!s))?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private Durations() {}

    /**
     * Reads a length of time.
     *
     * @param option what it was given for, such as {@code timeout}
     * @throws UsageException if it is none
     */
    public static Duration parse(String option, String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (text.isEmpty() || !matcher.matches()) {
            throw new UsageException(
                    option + ": '" + text + "' is not a length of time (expected: such as 250ms, 60s, 1h30m, 7d)");
        }
        return Duration.ofDays(number(matcher, 1))
                .plusHours(number(matcher, 2))
                .plusMinutes(number(matcher, 3))
                .plusSeconds(number(matcher, 4))
                .plusMillis(number(matcher, 5));
    }

    private static long number(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
