package io.penstock.publisher.source;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A date or timestamp as ISO 8601 writes them, as a publication file may have one in place of a query: {@code 2026-11-19},
 * {@code 2026-11-19T04:00:00Z}, {@code 2026-11-19 04:00:00}. Without a zone it is UTC.
 */
public final class TimeText {
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

    private TimeText() {}

    /** The moment, or empty if it is none: a query, perhaps. */
    public static Optional<Instant> parse(String text) {
        String trimmed = text.trim();
        if (trimmed.length() < 10 || !DATE.matcher(trimmed.substring(0, 10)).matches()) {
            return Optional.empty();
        }
        try {
            if (trimmed.length() == 10) {
                return Optional.of(LocalDate.parse(trimmed).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            String iso = trimmed.substring(0, 10) + "T" + trimmed.substring(11);
            boolean zoned = iso.endsWith("Z") || iso.indexOf('+', 11) >= 0 || iso.indexOf('-', 11) >= 0;
            return Optional.of(
                    zoned
                            ? OffsetDateTime.parse(iso).toInstant()
                            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
