package io.penstock.contract;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the durations of contract options: {@code 26h}, {@code 1d12h}, {@code 5ms}. */
public final class Durations {
    /** A hundred years; sums of it and a date stay inside every calendar. */
    static final Duration MAX = Duration.ofDays(36_500);

    private static final Pattern DURATION = Pattern.compile(
            "(?:(?<d>\\d{1,9})d)?(?:(?<h>\\d{1,9})h)?(?:(?<m>\\d{1,9})m)?(?:(?<s>\\d{1,12})s)?(?:(?<ms>\\d{1,15})ms)?");

    private Durations() {}

    /** Returns the duration, or nothing if the text is not a duration above zero and up to {@link #MAX}. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration duration = Duration.ofDays(part(matcher, "d"))
                .plusHours(part(matcher, "h"))
                .plusMinutes(part(matcher, "m"))
                .plusSeconds(part(matcher, "s"))
                .plusMillis(part(matcher, "ms"));
        boolean allowed = !duration.isZero() && duration.compareTo(MAX) <= 0;
        return allowed ? Optional.of(duration) : Optional.empty();
    }

    private static long part(Matcher matcher, String unit) {
        String digits = matcher.group(unit);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
