package io.penstock.protoc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A key field as Java passes it around.
 *
 * @param name of a parameter, and of a component of the key's record
 * @param type {@code long}, {@code int} or {@code String}
 * @param boxed the same as a type argument
 * @param text the expression that writes the value's text, with {@code %s} for the value
 * @param doc what the field holds, as Javadoc
 */
record KeyParameter(String name, String type, String boxed, String text, String doc) {
    static List<KeyParameter> of(Contract contract) {
        List<KeyParameter> keys = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (FieldDescriptor field : contract.keyFields()) {
            String name = JavaNames.parameter(field);
            keys.add(of(contract, field, taken.add(name) ? name : name + "_" + field.getNumber()));
        }
        return List.copyOf(keys);
    }

    private static KeyParameter of(Contract contract, FieldDescriptor field, String name) {
        String doc = FieldConstant.of(contract, field).description();
        String unsigned = doc + " Unsigned: the bits that protobuf's Java classes hold.";
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> new KeyParameter(name, "int", "Integer", "Integer.toString(%s)", doc);
            case UINT32, FIXED32 -> new KeyParameter(name, "int", "Integer", "Integer.toUnsignedString(%s)", unsigned);
            case INT64, SINT64, SFIXED64 -> new KeyParameter(name, "long", "Long", "Long.toString(%s)", doc);
            case UINT64, FIXED64 -> new KeyParameter(name, "long", "Long", "Long.toUnsignedString(%s)", unsigned);
            case STRING -> new KeyParameter(name, "String", "String", "%s", doc);
            case FLOAT, DOUBLE, BOOL, BYTES, ENUM, MESSAGE, GROUP ->
                throw new IllegalStateException("key field " + field.getFullName() + ": " + field.getType());
        };
    }
}
