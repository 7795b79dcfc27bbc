package io.penstock.protoc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** Java's names for fields. Two fields of one message may come out alike; callers tell them apart by their numbers. */
final class JavaNames {
    /** What no component of a record may be called. */
    private static final Set<String> RECORD_METHODS =
            Set.of("clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

    private JavaNames() {}

    /** {@code orderId} for {@code order_id}: of a parameter and of a record's component. */
    static String parameter(FieldDescriptor field) {
        StringBuilder name = new StringBuilder();
        boolean upper = false;
        for (char c : field.getName().toCharArray()) {
            if (c == '_') {
                upper = name.length() > 0;
            } else {
                name.append(upper ? Character.toUpperCase(c) : c);
                upper = false;
            }
        }
        if (name.length() > 0) {
            name.setCharAt(0, Character.toLowerCase(name.charAt(0)));
        }
        if (!SourceVersion.isIdentifier(name)) {
            return "field" + field.getNumber();
        }
        boolean taken =
                SourceVersion.isKeyword(name, SourceVersion.RELEASE_17) || RECORD_METHODS.contains(name.toString());
        return taken ? name + "_" : name.toString();
    }

    /** {@code ORDER_ID} for {@code order_id} and for {@code orderId}. */
    static String constant(FieldDescriptor field) {
        String name = field.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
        return SourceVersion.isName(name, SourceVersion.RELEASE_17) ? name : "FIELD_" + field.getNumber();
    }
}
