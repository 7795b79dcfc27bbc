package io.penstock.contract.evolution;

/**
 * What must not change inside a major. The rules of {@code buf breaking}'s category WIRE_JSON that are about messages and
 * enums have buf's names and decide as buf does; those that begin with {@code PENSTOCK_} are ours, for promises buf does
 * not know and for changes that bytes survive and readers do not. Names are stable.
 */
public enum EvolutionRule {
    FILE_SAME_PACKAGE("A file keeps its package.", "keep the package"),
    MESSAGE_SAME_JSON_FORMAT(
            "A message keeps its support of JSON: its file does not become proto2.", "keep the syntax of its file"),
    MESSAGE_SAME_REQUIRED_FIELDS(
            "A proto2 message neither gets nor loses a required field.",
            "leave required fields as they are, and add optional ones"),
    RESERVED_MESSAGE_NO_DELETE(
            "What a message reserved stays reserved: a number or name that was used once does not come back.",
            "reserve it again, and take a number and a name that were never used"),
    FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED("A removed field's number is reserved.", "reserve its number"),
    FIELD_NO_DELETE_UNLESS_NAME_RESERVED("A removed field's name is reserved.", "reserve its name"),
    FIELD_SAME_NAME("A field keeps its name, which is its name in JSON and its column's.", "keep the name"),
    FIELD_SAME_JSON_NAME("A field keeps its json_name.", "keep the json_name"),
    FIELD_SAME_DEFAULT("A proto2 field keeps its default value.", "keep the default"),
    FIELD_SAME_ONEOF(
            "A field does not move into, out of or between oneofs.", "leave the field where it is, or add another"),
    FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY(
            "A field stays single, repeated, a map, or required.", "keep it, and add another field beside it"),
    FIELD_WIRE_JSON_COMPATIBLE_TYPE(
            "A field's type stays, or becomes one that reads the same bytes and JSON: an enum of the same short name with"
                    + " at least the same values.",
            "keep the type, and add another field beside it"),
    ENUM_SAME_JSON_FORMAT(
            "An enum keeps its support of JSON: its file does not become proto2.", "keep the syntax of its file"),
    ENUM_VALUE_SAME_NAME(
            "An enum's number keeps its names; another can be added (allow_alias).",
            "keep the name, and add others for the same number below it (allow_alias)"),
    ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED("A removed enum value's number is reserved.", "reserve its number"),
    ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED("A removed enum value's name is reserved.", "reserve its name"),
    RESERVED_ENUM_NO_DELETE(
            "What an enum reserved stays reserved.",
            "reserve it again, and take a number and a name that were never used"),

    PENSTOCK_SAME_DATASET("Contracts of one dataset are compared.", "compare it with a contract of its own dataset"),
    PENSTOCK_SAME_MESSAGE("The contract is the same message.", "keep the message's name and package"),
    PENSTOCK_KEY_FROZEN(
            "The key is made of the same fields, of the same types.",
            "keep the key; rows with another key are another major version"),
    PENSTOCK_FIELD_NO_DELETE_UNLESS_DEPRECATED(
            "A removed field was deprecated by the contract before, so that its readers knew.",
            "put it back with deprecated = true, publish that, and remove it in a later publication"),
    PENSTOCK_FIELD_SAME_SIGN(
            "A number does not change between signed and unsigned: readers would take large values for negative ones.",
            "keep the type, and add another field beside it"),
    PENSTOCK_FIELD_SAME_PRESENCE(
            "A field keeps its presence (optional): readers would take NULL for 0, or 0 for NULL.",
            "keep it as it is, and add another field beside it"),
    PENSTOCK_FIELD_SAME_UNIT(
            "A field keeps its unit, once it has one.", "keep the unit, and add another field for the other unit"),
    PENSTOCK_FIELD_SENSITIVITY_NOT_LOOSENED(
            "A field's sensitivity is not lowered (secret, personal, internal or not said, public): who handles it"
                    + " relied on more.",
            "keep the sensitivity, or raise it"),
    PENSTOCK_FIELD_CHECK_NOT_WEAKENED(
            "A field's min, max, not_null, not_blank, unique and pattern stay, or get stricter; another pattern counts as"
                    + " weaker.",
            "keep the check, or make it stricter"),
    PENSTOCK_ENUM_SAME_TYPE("An enum stays open or closed.", "keep the syntax of its file"),
    PENSTOCK_ENUM_NO_ADD_TO_CLOSED(
            "A closed (proto2) enum gets no values: earlier readers would see its default instead.",
            "leave the value out, and add a field with an enum of a proto3 file"),
    PENSTOCK_ENUM_VALUE_SAME_FIRST_NAME(
            "An enum number's first name, which JSON uses, stays first.",
            "put other names for the number below the first one"),
    PENSTOCK_ENUM_VALUE_NO_DELETE_UNLESS_DEPRECATED(
            "A removed enum value was deprecated by the contract before.",
            "put it back with deprecated = true, publish that, and remove it in a later publication"),
    PENSTOCK_PROMISE_NOT_WEAKENED(
            "freshness, p99 and availability stay, or get stricter; ends_on does not come sooner.",
            "keep the promise, or make it stricter"),
    PENSTOCK_EXPIRY_FROZEN(
            "expires_after stays: sooner takes rows away, later serves what was promised to be gone.",
            "keep expires_after");

    /** Whose rule it is. */
    public enum Origin {
        /** One of {@code buf breaking}'s category WIRE_JSON. */
        BUF,
        /** Our own. */
        PENSTOCK
    }

    private final String summary;
    private final String remedy;

    EvolutionRule(String summary, String remedy) {
        this.summary = summary;
        this.remedy = remedy;
    }

    public Origin origin() {
        return name().startsWith("PENSTOCK_") ? Origin.PENSTOCK : Origin.BUF;
    }

    /** What holds, in a sentence. */
    public String summary() {
        return summary;
    }

    /** What to do about a finding. */
    public String remedy() {
        return remedy;
    }
}
