package io.penstock.contract;

/**
 * One change of a contract that its readers may not survive.
 *
 * @param rule what was broken; names are stable
 * @param element the full name of the message, field, enum or enum value in the contract before
 * @param message what it was and what it became
 * @param remedy what to do instead
 */
public record Finding(Rule rule, String element, String message, String remedy) {

    /** What a contract must not change inside a major. */
    public enum Rule {
        /** The contracts are not about the same dataset. */
        DATASET_CHANGED,
        /** The contract is another message. */
        MESSAGE_CHANGED,
        /** The key is made of other fields. */
        KEY_CHANGED,
        /** A promise of the product or of a field became weaker or different. */
        PROMISE_WEAKENED,
        /** A field is gone. */
        FIELD_REMOVED,
        /** A field has another name, and so does its JSON. */
        FIELD_RENAMED,
        /** A field has another type, cardinality, presence or wire form. */
        FIELD_TYPE_CHANGED,
        /** A field moved into, out of or between oneofs. */
        FIELD_ONEOF_CHANGED,
        /** A field was added under a number or name that was reserved, or one that rows written before cannot have. */
        FIELD_ADDED_UNSAFELY,
        /** An enum value is gone. */
        ENUM_VALUE_REMOVED,
        /** An enum value has another name. */
        ENUM_VALUE_RENAMED,
        /** An enum got a value its readers would take for another, or under a number or name that was reserved. */
        ENUM_VALUE_ADDED_UNSAFELY
    }

    /** The finding as one line for a person. */
    @Override
    public String toString() {
        return rule + " " + element + ": " + message + " (" + remedy + ")";
    }
}
