package io.penstock.cli.output;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** Points in time and lengths of it, as people read them. */
public final class Times {
    private static final long SECONDS_A_MINUTE = 60;
    private static final long SECONDS_AN_HOUR = 3600;
    private static final long SECONDS_A_DAY = 86_400;

    private Times() {}

    public static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }

    /** In UTC with the digits there are: {@code 2026-01-31T00:00:00Z}. */
    public static String text(Timestamp timestamp) {
        return instant(timestamp).toString();
    }

    /** How long ago, in the two largest units: {@code 3d4h}, {@code 5m2s}; never negative. */
    public static String age(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < SECONDS_A_MINUTE) {
            return seconds + "s";
        }
        if (seconds < SECONDS_AN_HOUR) {
            return two(seconds, SECONDS_A_MINUTE, "m", 1, "s");
        }
        if (seconds < SECONDS_A_DAY) {
            return two(seconds, SECONDS_AN_HOUR, "h", SECONDS_A_MINUTE, "m");
        }
        return two(seconds, SECONDS_A_DAY, "d", SECONDS_AN_HOUR, "h");
    }

    private static String two(long seconds, long large, String largeName, long small, String smallName) {
        long rest = seconds % large / small;
        return seconds / large + largeName + (rest == 0 ? "" : rest + smallName);
    }
}
