package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.UUID;

/**
 * Takes one SQL value as one protobuf scalar when nothing is lost by it: the result holds the same number, text or bytes.
 * Results are what protobuf's Java classes hold, an enum as its number.
 *
 * <p>Values are of the kinds a row source gives: {@code Boolean}, the boxed integers, {@code BigInteger}, {@code
 * BigDecimal}, {@code Float}, {@code Double}, {@code String}, {@code byte[]}, {@code UUID} and the classes of {@code
 * java.time}. Anything else is refused.
 */
final class ScalarConversion {
    /** Beyond it doubles skip whole numbers, so that one may stand for a neighbour. */
    private static final double WHOLE_DOUBLE_MAX = 0x1p53;

    private static final float WHOLE_FLOAT_MAX = 0x1p24f;
    private static final BigInteger UNSIGNED_64_MAX =
            BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private ScalarConversion() {}

    static Object convert(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> toSigned32(value);
            case INT64, SINT64, SFIXED64 -> toSigned64(value);
            case UINT32, FIXED32 -> toUnsigned32(value);
            case UINT64, FIXED64 -> toUnsigned64(value);
            case DOUBLE -> toDouble(value);
            case FLOAT -> toFloat(value);
            case BOOL -> toBool(value);
            case STRING -> toText(value);
            case BYTES -> toBytes(value);
            case ENUM -> toEnum(field.getEnumType(), value);
            case MESSAGE, GROUP ->
                throw new IllegalArgumentException("field: " + field.getFullName() + " (expected: a scalar)");
        };
    }

    private static Integer toSigned32(Object value) {
        long number = toLong("int32", value);
        if (number != (int) number) {
            throw ConversionException.cannotTake("int32", value, "it is out of range");
        }
        return (int) number;
    }

    private static Long toSigned64(Object value) {
        return toLong("int64", value);
    }

    private static Integer toUnsigned32(Object value) {
        long number = toLong("uint32", value);
        if (number < 0 || number > 0xFFFF_FFFFL) {
            throw ConversionException.cannotTake("uint32", value, "it is out of range");
        }
        return (int) number;
    }

    private static Long toUnsigned64(Object value) {
        if (value instanceof BigInteger || value instanceof BigDecimal) {
            BigInteger number = toBigInteger("uint64", value);
            if (number.signum() < 0 || number.compareTo(UNSIGNED_64_MAX) > 0) {
                throw ConversionException.cannotTake("uint64", value, "it is out of range");
            }
            return number.longValue();
        }
        long number = toLong("uint64", value);
        if (number < 0) {
            throw ConversionException.cannotTake("uint64", value, "it is negative");
        }
        return number;
    }

    private static long toLong(String type, Object value) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigInteger || value instanceof BigDecimal) {
            BigInteger number = toBigInteger(type, value);
            if (number.bitLength() > 63) {
                throw ConversionException.cannotTake(type, value, "it is out of range");
            }
            return number.longValue();
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            double max = value instanceof Float ? WHOLE_FLOAT_MAX : WHOLE_DOUBLE_MAX;
            if (number != Math.rint(number) || Double.isInfinite(number)) {
                throw ConversionException.cannotTake(type, value, "it is not a whole number");
            }
            if (Math.abs(number) > max) {
                throw ConversionException.cannotTake(type, value, "it is too large to be exact");
            }
            return (long) number;
        }
        throw ConversionException.cannotTake(type, value);
    }

    private static BigInteger toBigInteger(String type, Object value) {
        if (value instanceof BigInteger number) {
            return number;
        }
        BigDecimal number = (BigDecimal) value;
        if (number.signum() != 0 && number.precision() - number.scale() > 20) {
            throw ConversionException.cannotTake(type, value, "it is out of range");
        }
        try {
            return number.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw ConversionException.cannotTake(type, value, "it has digits after the point");
        }
    }

    private static Double toDouble(Object value) {
        if (value instanceof Double number) {
            return canonical(number);
        }
        if (value instanceof Float number) {
            return canonical(number.doubleValue());
        }
        if (value instanceof BigDecimal number) {
            double nearest = number.doubleValue();
            if (Double.isInfinite(nearest) || new BigDecimal(Double.toString(nearest)).compareTo(number) != 0) {
                throw ConversionException.cannotTake("double", value, "it has more digits than a double keeps");
            }
            return nearest;
        }
        BigInteger number = toWhole("double", value);
        double nearest = number.doubleValue();
        if (Double.isInfinite(nearest)
                || !new BigDecimal(nearest).toBigInteger().equals(number)) {
            throw ConversionException.cannotTake("double", value, "it has more digits than a double keeps");
        }
        return nearest;
    }

    private static Float toFloat(Object value) {
        if (value instanceof Float number) {
            return Float.isNaN(number) ? Float.NaN : number;
        }
        if (value instanceof Double number) {
            float nearest = number.floatValue();
            if (nearest != number && !number.isNaN()) {
                throw ConversionException.cannotTake("float", value, "it has more digits than a float keeps");
            }
            return Float.isNaN(nearest) ? Float.NaN : nearest;
        }
        if (value instanceof BigDecimal number) {
            float nearest = number.floatValue();
            if (Float.isInfinite(nearest) || new BigDecimal(Float.toString(nearest)).compareTo(number) != 0) {
                throw ConversionException.cannotTake("float", value, "it has more digits than a float keeps");
            }
            return nearest;
        }
        BigInteger number = toWhole("float", value);
        float nearest = number.floatValue();
        if (Float.isInfinite(nearest) || !new BigDecimal(nearest).toBigInteger().equals(number)) {
            throw ConversionException.cannotTake("float", value, "it has more digits than a float keeps");
        }
        return nearest;
    }

    private static BigInteger toWhole(String type, Object value) {
        if (value instanceof BigInteger number) {
            return number;
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return BigInteger.valueOf(((Number) value).longValue());
        }
        throw ConversionException.cannotTake(type, value);
    }

    /** One NaN for all: the bytes of a row must not depend on how it came about. */
    private static double canonical(double number) {
        return Double.isNaN(number) ? Double.NaN : number;
    }

    private static Boolean toBool(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw ConversionException.cannotTake("bool", value);
    }

    private static String toText(Object value) {
        if (value instanceof String text) {
            return wellFormed(text);
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof LocalDate date) {
            if (date.getYear() < 1 || date.getYear() > 9999) {
                throw ConversionException.cannotTake("string", value, "its year is not one of 0001 to 9999");
            }
            return date.toString();
        }
        if (value instanceof UUID
                || value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger) {
            return value.toString();
        }
        throw ConversionException.cannotTake("string", value);
    }

    private static String wellFormed(String text) {
        // An unpaired surrogate is a code point of its own; a pair is not.
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw ConversionException.cannotTake("string", text, "it is not well-formed Unicode");
        }
        return text;
    }

    private static byte[] toBytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw ConversionException.cannotTake("bytes", value);
    }

    private static Integer toEnum(EnumDescriptor type, Object value) {
        EnumValueDescriptor known;
        if (value instanceof String name) {
            known = type.findValueByName(name);
        } else {
            known = type.findValueByNumber(toSigned32(value));
        }
        if (known == null) {
            throw ConversionException.cannotTake(
                    "enum " + type.getFullName(), value, "it is none of the enum's names or numbers");
        }
        return known.getNumber();
    }
}
