package io.penstock.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MessageOrBuilder;
import io.penstock.contract.ContractException.Code;
import java.util.ArrayList;
import java.util.List;

/**
 * The text a key is stored and asked for under. It is frozen: two programs in two languages that look one row up must
 * write the same bytes.
 *
 * <ul>
 *   <li>An integer is written in decimal, the shortest way: {@code 0}, {@code -42}, and unsigned types without a sign.
 *   <li>A string is written as it is. Nothing is trimmed, folded or normalised: a UUID in upper case is another key.
 *   <li>The key of a single field is that field's text. Of several fields, the texts are joined by {@code |} in the
 *       order of the field numbers, after writing {@code \} as {@code \\} and {@code |} as {@code \|} in each.
 * </ul>
 *
 * <p>So different values have different texts, empty strings included, and {@link #decode} finds them back. Golden
 * vectors for other languages are in {@code docs/key-encoding.md}. Immutable and thread-safe.
 */
public final class KeyEncoding {
    /** The most bytes of UTF-8 a key may have. */
    public static final int KEY_BYTES_MAX = 1024;

    private static final char SEPARATOR = '|';
    private static final char ESCAPE = '\\';

    private final List<FieldDescriptor> fields;
    private final List<KeyPart> parts;

    /**
     * The encoding for these key fields.
     *
     * @throws IllegalArgumentException if there is none, or one is neither a string nor an integer
     */
    public static KeyEncoding of(List<FieldDescriptor> keyFields) {
        return new KeyEncoding(keyFields);
    }

    /**
     * Returns an encoded key if it can be one under any contract: not empty, not too long, and text that UTF-8 can hold.
     *
     * @throws ContractException if it cannot
     */
    public static String requireValid(String encodedKey) {
        return requireValid("key", encodedKey);
    }

    /**
     * Joins the texts of several key fields, in the order of their numbers, for code that knows its fields without a
     * descriptor. The key is not {@linkplain #requireValid checked} yet.
     */
    public static String join(String... texts) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < texts.length; i++) {
            if (i > 0) {
                key.append(SEPARATOR);
            }
            appendEscaped(key, texts[i]);
        }
        return key.toString();
    }

    private KeyEncoding(List<FieldDescriptor> keyFields) {
        if (keyFields.isEmpty()) {
            throw new IllegalArgumentException("keyFields: none (expected: at least one)");
        }
        fields = List.copyOf(keyFields);
        parts = fields.stream().map(field -> KeyPart.of(field.getType())).toList();
    }

    /**
     * Encodes one value a key field, in the order of the field numbers. Values are what protobuf's Java classes hold:
     * a {@code String}, an {@code Integer} or a {@code Long}, unsigned types as the same bits. A {@code Long} is also
     * taken for a 32-bit field and an {@code Integer} for a 64-bit one if the number it holds is in range.
     *
     * @throws ContractException if the values do not fit the fields, or the key would be empty, longer than
     *     {@link #KEY_BYTES_MAX} or not UTF-8
     */
    public String encode(List<?> values) {
        if (values.size() != parts.size()) {
            throw new ContractException(
                    Code.INVALID_KEY_VALUE,
                    "key of " + messageName() + ": " + values.size() + " values (expected: " + parts.size()
                            + ", one for" + " each of " + fieldNames() + ")");
        }
        if (parts.size() == 1) {
            return checked(text(0, values.get(0)));
        }
        String[] texts = new String[parts.size()];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(i, values.get(i));
        }
        return checked(join(texts));
    }

    /**
     * Encodes the key of a row: a message of the contract, dynamic or generated.
     *
     * @throws ContractException if the key would be empty, longer than {@link #KEY_BYTES_MAX} or not UTF-8, or the
     *     message does not have the key fields
     */
    public String encode(MessageOrBuilder row) {
        Descriptor descriptor = row.getDescriptorForType();
        if (parts.size() == 1) {
            return checked(text(0, row.getField(fieldOf(descriptor, 0))));
        }
        List<Object> values = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            values.add(row.getField(fieldOf(descriptor, i)));
        }
        return encode(values);
    }

    /**
     * Finds the values back, as protobuf's Java classes hold them: {@code encode(decode(key))} is the key.
     *
     * @throws ContractException if the text is not the encoding of any key of these fields
     */
    public List<Object> decode(String key) {
        checked(key);
        List<String> texts = parts.size() == 1 ? List.of(key) : split(key);
        if (texts.size() != parts.size()) {
            throw malformed(texts.size() + " parts (expected: " + parts.size() + ", one for each of " + fieldNames()
                    + ", joined by '|')");
        }
        List<Object> values = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            values.add(value(i, texts.get(i)));
        }
        return List.copyOf(values);
    }

    private String text(int index, Object value) {
        String text = parts.get(index).encode(value);
        if (text == null) {
            FieldDescriptor field = fields.get(index);
            throw new ContractException(
                    Code.INVALID_KEY_VALUE,
                    "key field " + field.getFullName() + ": the "
                            + (value == null ? "null" : value.getClass().getSimpleName())
                            + " is not a value of its type (expected: " + FieldTypes.name(field) + ")");
        }
        return text;
    }

    private Object value(int index, String text) {
        KeyPart part = parts.get(index);
        try {
            Object value = part.decode(text);
            if (text.equals(part.encode(value))) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The refusal below says it, without the text: that is part of a key.
        }
        FieldDescriptor field = fields.get(index);
        throw malformed("the part of field " + field.getName()
                + " is not a number in its shortest decimal form (expected: " + FieldTypes.name(field) + ")");
    }

    private FieldDescriptor fieldOf(Descriptor descriptor, int index) {
        FieldDescriptor wanted = fields.get(index);
        if (descriptor == wanted.getContainingType()) {
            return wanted;
        }
        // A generated class links its own descriptors: names and numbers are what they share.
        FieldDescriptor found = descriptor.findFieldByNumber(wanted.getNumber());
        if (found == null
                || found.getType() != wanted.getType()
                || found.isRepeated()
                || !descriptor.getFullName().equals(messageName())) {
            throw new ContractException(
                    Code.INVALID_KEY_VALUE,
                    "message " + descriptor.getFullName() + ": cannot have the key field " + wanted.getName()
                            + " (expected: a message of " + messageName() + ")");
        }
        return found;
    }

    private static void appendEscaped(StringBuilder key, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == SEPARATOR || c == ESCAPE) {
                key.append(ESCAPE);
            }
            key.append(c);
        }
    }

    private List<String> split(String key) {
        List<String> texts = new ArrayList<>(parts.size());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == SEPARATOR) {
                texts.add(text.toString());
                text.setLength(0);
                continue;
            }
            if (c == ESCAPE) {
                i++;
                if (i == key.length() || (key.charAt(i) != SEPARATOR && key.charAt(i) != ESCAPE)) {
                    throw malformed("a '\\' at character " + (i - 1) + " escapes nothing (expected: '\\\\' or '\\|')");
                }
                c = key.charAt(i);
            }
            text.append(c);
        }
        texts.add(text.toString());
        return texts;
    }

    private String checked(String key) {
        return requireValid("key of " + messageName(), key);
    }

    private static String requireValid(String what, String key) {
        if (key.isEmpty()) {
            throw new ContractException(
                    Code.EMPTY_KEY, what + ": empty (expected: 1 to " + KEY_BYTES_MAX + " bytes of UTF-8)");
        }
        int bytes = 0;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < key.length()
                    && Character.isLowSurrogate(key.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new ContractException(
                        Code.KEY_NOT_UTF8,
                        what + ": an unpaired surrogate at character " + i + " (expected: text that UTF-8 can hold)");
            }
        }
        if (bytes > KEY_BYTES_MAX) {
            throw new ContractException(
                    Code.KEY_TOO_LONG, what + ": " + bytes + " bytes of UTF-8 (expected: <= " + KEY_BYTES_MAX + ")");
        }
        return key;
    }

    private ContractException malformed(String what) {
        return new ContractException(Code.MALFORMED_KEY, "key of " + messageName() + ": " + what);
    }

    private String messageName() {
        return fields.get(0).getContainingType().getFullName();
    }

    private String fieldNames() {
        return String.join(", ", fields.stream().map(FieldDescriptor::getName).toList());
    }
}
