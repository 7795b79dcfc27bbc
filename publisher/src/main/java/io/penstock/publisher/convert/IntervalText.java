package io.penstock.publisher.convert;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an interval as DuckDB and PostgreSQL print it: {@code 2 days 00:00:03.5}, {@code -1 days}, {@code 0 years 0 mons 2
 * days 3 hours 0 mins 1.5 secs}. A day is 24 hours; months and years have no fixed length and are refused.
 */
final class IntervalText {
    private static final Pattern PART = Pattern.compile(
            "(?<number>[+-]?\\d{1,12}(?:\\.\\d{1,9})?) (?<unit>[a-z]+)|(?<clock>[+-]?\\d{1,10}:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)");
    private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000);

    private IntervalText() {}

    static Duration parse(String text) {
        BigDecimal seconds = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!part.find(at) || part.start() != at) {
                throw ConversionException.cannotTake("google.protobuf.Duration", text, "it is not an interval");
            }
            seconds = seconds.add(part.group("clock") != null ? clock(part.group("clock")) : span(text, part));
            at = part.end();
            if (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }
        if (text.isBlank()) {
            throw ConversionException.cannotTake("google.protobuf.Duration", text, "it is not an interval");
        }
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        return Duration.ofSeconds(
                whole.longValueExact(), seconds.subtract(whole).multiply(NANOS).longValueExact());
    }

    private static BigDecimal span(String text, Matcher part) {
        BigDecimal number = new BigDecimal(part.group("number"));
        return switch (part.group("unit")) {
            case "day", "days" -> number.multiply(BigDecimal.valueOf(86_400));
            case "hour", "hours" -> number.multiply(BigDecimal.valueOf(3_600));
            case "min", "mins", "minute", "minutes" -> number.multiply(BigDecimal.valueOf(60));
            case "sec", "secs", "second", "seconds" -> number;
            case "month", "months", "mon", "mons", "year", "years" -> {
                if (number.signum() != 0) {
                    throw ConversionException.cannotTake(
                            "google.protobuf.Duration", text, "it has months or years, which have no fixed length");
                }
                yield BigDecimal.ZERO;
            }
            default -> throw ConversionException.cannotTake("google.protobuf.Duration", text, "it is not an interval");
        };
    }

    private static BigDecimal clock(String text) {
        boolean negative = text.startsWith("-");
        String[] parts =
                text.substring(negative || text.startsWith("+") ? 1 : 0).split(":", -1);
        BigDecimal seconds = new BigDecimal(parts[2])
                .add(BigDecimal.valueOf(Long.parseLong(parts[0]) * 3_600 + Long.parseLong(parts[1]) * 60));
        return negative ? seconds.negate() : seconds;
    }
}
