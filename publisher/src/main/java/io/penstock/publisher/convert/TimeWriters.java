package io.penstock.publisher.convert;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The messages that stand for a moment, a day or a span of time. A date or timestamp without a zone is UTC. */
final class TimeWriters {
    /** 0001-01-01T00:00:00Z, the first a {@code google.protobuf.Timestamp} may be. */
    private static final long TIMESTAMP_SECONDS_MIN = -62_135_596_800L;
    /** 9999-12-31T23:59:59Z. */
    private static final long TIMESTAMP_SECONDS_MAX = 253_402_300_799L;
    /** About 10,000 years, the longest a {@code google.protobuf.Duration} may be. */
    private static final long DURATION_SECONDS_MAX = 315_576_000_000L;

    private TimeWriters() {}

    static void writeTimestamp(Object value, Output out) throws IOException {
        Instant instant = toTimestamp(value);
        writeSecondsAndNanos(instant.getEpochSecond(), instant.getNano(), out.coded());
    }

    /** A moment that a {@code google.protobuf.Timestamp} can hold. */
    static Instant toTimestamp(Object value) {
        Instant instant = toInstant(value);
        if (instant.getEpochSecond() < TIMESTAMP_SECONDS_MIN || instant.getEpochSecond() > TIMESTAMP_SECONDS_MAX) {
            throw ConversionException.cannotTake(
                    "google.protobuf.Timestamp", value, "its year is not one of 0001 to 9999");
        }
        return instant;
    }

    private static Instant toInstant(Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof LocalDateTime local) {
            return local.toInstant(ZoneOffset.UTC);
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        throw ConversionException.cannotTake("google.protobuf.Timestamp", value);
    }

    static void writeDuration(Object value, Output out) throws IOException {
        Duration duration = toDuration(value);
        long seconds = duration.getSeconds();
        int nanos = duration.getNano();
        if (seconds < 0 && nanos > 0) { // protobuf wants both of one sign
            seconds++;
            nanos -= 1_000_000_000;
        }
        if (Math.abs(seconds) > DURATION_SECONDS_MAX) {
            throw ConversionException.cannotTake(
                    "google.protobuf.Duration", value, "it is longer than 315576000000 seconds");
        }
        writeSecondsAndNanos(seconds, nanos, out.coded());
    }

    private static Duration toDuration(Object value) {
        if (value instanceof Duration duration) {
            return duration;
        }
        if (value instanceof String text) {
            return IntervalText.parse(text);
        }
        throw ConversionException.cannotTake("google.protobuf.Duration", value);
    }

    private static void writeSecondsAndNanos(long seconds, int nanos, CodedOutputStream out) throws IOException {
        if (seconds != 0) {
            out.writeInt64(1, seconds);
        }
        if (nanos != 0) {
            out.writeInt32(2, nanos);
        }
    }

    /** Whether the message is a calendar day: {@code google.type.Date}, or one with the same name and fields. */
    static boolean isDate(Descriptor message) {
        return message.getName().equals("Date")
                && message.getFields().size() == 3
                && isInt32(message, "year")
                && isInt32(message, "month")
                && isInt32(message, "day");
    }

    private static boolean isInt32(Descriptor message, String name) {
        FieldDescriptor field = message.findFieldByName(name);
        return field != null
                && field.getType() == FieldDescriptor.Type.INT32
                && !field.isRepeated()
                && !field.hasPresence();
    }

    /** Writes a calendar day, or leaves what is no date to the writer of ordinary messages. */
    static BodyWriter dateWriter(Descriptor message, BodyWriter otherwise) {
        return (value, out) -> {
            if (!(value instanceof LocalDate date)) {
                otherwise.write(value, out);
                return;
            }
            if (date.getYear() < 1 || date.getYear() > 9999) {
                throw ConversionException.cannotTake(
                        message.getFullName(), value, "its year is not one of 0001 to 9999");
            }
            for (FieldDescriptor field : MessageWriter.inNumberOrder(message)) {
                int part = switch (field.getName()) {
                    case "year" -> date.getYear();
                    case "month" -> date.getMonthValue();
                    default -> date.getDayOfMonth();
                };
                out.coded().writeInt32(field.getNumber(), part);
            }
        };
    }
}
