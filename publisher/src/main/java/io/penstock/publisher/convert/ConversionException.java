package io.penstock.publisher.convert;

/**
 * One value does not fit its field. It collects the field's path on its way up and becomes a {@code SourceException} with
 * the row's number there; it has no stack trace, because the row says more.
 */
final class ConversionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A value of this kind cannot be one of this type without losing something. */
    static final String CONVERSION = "CONVERSION";
    /** NULL where the field cannot say so. */
    static final String NULL_VALUE = "NULL_VALUE";
    /** Not what the contract says of its field: {@code min}, {@code not_null} … */
    static final String RULE_VIOLATED = "RULE_VIOLATED";
    /** Two members of one oneof are set. */
    static final String ONEOF_CONFLICT = "ONEOF_CONFLICT";

    private final String code;
    private String path = "";

    ConversionException(String code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    static ConversionException cannotTake(String type, Object value) {
        return new ConversionException(CONVERSION, type + " cannot take a value of kind " + ValueKind.of(value));
    }

    static ConversionException cannotTake(String type, Object value, String why) {
        return new ConversionException(
                CONVERSION, type + " cannot take this value of kind " + ValueKind.of(value) + ": " + why);
    }

    static ConversionException nullValue(String what) {
        return new ConversionException(NULL_VALUE, what);
    }

    String code() {
        return code;
    }

    String path() {
        return path;
    }

    /** Says that the value belongs to a member or element of an outer one. */
    ConversionException within(String outer) {
        path = path.isEmpty() || path.startsWith("[") ? outer + path : outer + "." + path;
        return this;
    }
}
