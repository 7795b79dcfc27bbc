package io.penstock.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers of bytes as they are written on the command line: {@code 4096}, {@code 512KiB}, {@code 8MiB}, {@code 1GiB}. */
public final class ByteSizes {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})(KiB|MiB|GiB)?|(\\d{10,15})");

    private ByteSizes() {}

    /**
     * Reads a number of bytes greater than zero.
     *
     * @throws UsageException if it is none
     */
    public static long parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw invalid(text);
        }
        String plain = matcher.group(3);
        long bytes =
                plain != null ? Long.parseLong(plain) : Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
        if (bytes == 0) {
            throw invalid(text);
        }
        return bytes;
    }

    private static int shift(@Nullable String unit) {
        if (unit == null) {
            return 0;
        }
        return unit.equals("KiB") ? 10 : unit.equals("MiB") ? 20 : 30;
    }

    private static UsageException invalid(String text) {
        return new UsageException(
                "'" + text + "' is not a number of bytes above zero (expected: such as 4096, 512KiB, 8MiB, 1GiB)");
    }
}
