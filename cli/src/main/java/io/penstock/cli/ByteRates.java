package io.penstock.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes a second as they are written on the command line: {@code 500000}, {@code 20MiB}, {@code 20MiB/s}. */
public final class ByteRates {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})(|B|KiB|MiB|GiB)(?:/s)?");
    private static final Map<String, Integer> SHIFTS = Map.of("", 0, "B", 0, "KiB", 10, "MiB", 20, "GiB", 30);

    private ByteRates() {}

    /**
     * Reads a rate.
     *
     * @throws UsageException if it is none, or nothing
     */
    public static long parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        long bytes = 0;
        if (matcher.matches()) {
            bytes = Long.parseLong(matcher.group(1)) << SHIFTS.getOrDefault(matcher.group(2), 0);
        }
        if (bytes == 0) {
            throw new UsageException(
                    "'" + text + "' is not a number of bytes a second (expected: such as 500KiB, 20MiB, 1GiB)");
        }
        return bytes;
    }
}
