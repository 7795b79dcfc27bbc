package io.penstock.serving.grpc;

import java.util.concurrent.TimeUnit;

/** Reads {@code grpc-timeout}. */
final class Timeouts {
    private static final int DIGITS_MAX = 8;
    /** Longer ones are cut, lest the sum overflow; the read path has a shorter bound of its own. */
    private static final long NANOS_MAX = TimeUnit.DAYS.toNanos(1);

    private Timeouts() {}

    /** When a time-out that begins now is over, on the scale of {@link System#nanoTime()}. */
    static long deadlineNanos(long nanos) {
        return System.nanoTime() + Math.min(nanos, NANOS_MAX);
    }

    /** {@code 100m}; −1 if it is none. */
    static long nanos(CharSequence timeout) {
        int digits = timeout.length() - 1;
        if (digits < 1 || digits > DIGITS_MAX) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = timeout.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return switch (timeout.charAt(digits)) {
            case 'n' -> number;
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(number);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(number);
            case 'S' -> TimeUnit.SECONDS.toNanos(number);
            case 'M' -> TimeUnit.MINUTES.toNanos(number);
            case 'H' -> TimeUnit.HOURS.toNanos(number);
            default -> -1;
        };
    }
}
