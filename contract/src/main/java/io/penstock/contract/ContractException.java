package io.penstock.contract;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A contract, or a key under it, was refused. The {@link Code} is stable; the message names the file, message, field
 * or option, what was found and what is expected. It may quote the contract, never a key or a row's value.
 */
public final class ContractException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    ContractException(Code code, String message) {
        this(code, message, null);
    }

    ContractException(Code code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }

    /** Why something was refused. Names are stable. */
    public enum Code {
        /** The bytes are not a descriptor set, or its files contradict themselves or each other. */
        MALFORMED_DESCRIPTORS,
        /** A file that another one imports is not in the descriptor set. */
        MISSING_IMPORT,
        /** The descriptor set of the contract has more than {@link Contract#DESCRIPTOR_BYTES_MAX} bytes. */
        TOO_LARGE,
        /** A stored contract's digest is not that of its descriptor set. */
        DIGEST_MISMATCH,
        /** There is no such message in the descriptor set. */
        UNKNOWN_MESSAGE,
        /** The message has no {@code data_product} option. */
        NOT_A_CONTRACT,
        /** The message's file is not proto3. */
        NOT_PROTO3,
        /** The message's package does not end in its major version. */
        NO_MAJOR_VERSION,
        /** {@code data_product.name} is missing or cannot name a dataset. */
        INVALID_NAME,
        /** {@code data_product.owner} is missing. */
        NO_OWNER,
        /** An option is not a duration, or is one of no length. */
        INVALID_DURATION,
        /** No field is the key. */
        NO_KEY,
        /** A field that cannot be one is declared a key. */
        INVALID_KEY_FIELD,
        /** {@code min} or {@code max} is on a field that is not one number, or no value lies between them. */
        INVALID_RANGE,
        /** A rule stands on a field of a nested message, where it would have no effect. */
        MISPLACED_RULE,
        /** {@code not_null}, {@code not_blank} or {@code unique} is on a field that cannot keep it. */
        INVALID_CHECK,
        /** {@code pattern} is no regular expression, or on a field that is not one text. */
        INVALID_PATTERN,
        /** {@code unit} is on a field that is not measured. */
        INVALID_UNIT,
        /** {@code deprecation} is on a field that is not deprecated. */
        INVALID_DEPRECATION,
        /** {@code data_product.documentation} is not a link. */
        INVALID_LINK,
        /** {@code data_product.availability} is not a share of calls. */
        INVALID_AVAILABILITY,
        /** {@code data_product.lifecycle} contradicts itself. */
        INVALID_LIFECYCLE,
        /** {@code data_product.checks} contradict themselves or the key. */
        INVALID_CHECKS,
        /** An option holds something that this Penstock does not know and would not keep. */
        UNKNOWN_OPTION,

        /** A key's encoding is empty. */
        EMPTY_KEY,
        /** A key's encoding is longer than {@link KeyEncoding#KEY_BYTES_MAX}. */
        KEY_TOO_LONG,
        /** A key cannot be written as UTF-8. */
        KEY_NOT_UTF8,
        /** The values do not fit the key fields in number or type. */
        INVALID_KEY_VALUE,
        /** A text is not the encoding of any key of this contract. */
        MALFORMED_KEY
    }
}
