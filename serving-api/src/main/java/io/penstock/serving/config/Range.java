package io.penstock.serving.config;

import java.time.Duration;

/** Refuses settings out of range, by their names. */
final class Range {
    private Range() {}

    static void require(String path, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(path + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }

    static void require(String path, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    path + ": " + text(value) + " (expected: " + text(min) + " to " + text(max) + ")");
        }
    }

    private static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        return millis % 60_000 == 0 && millis > 0 ? millis / 60_000 + "m" : millis / 1000 + "s";
    }
}
