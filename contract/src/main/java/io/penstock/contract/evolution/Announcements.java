package io.penstock.contract.evolution;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** For each field and enum value, whether the newest contract that had it said that it is deprecated. */
final class Announcements {
    private final Map<String, Boolean> deprecatedByElement = new HashMap<>();

    private Announcements() {}

    /** The announcements of these contracts, oldest first. */
    static Announcements of(List<Contract> contracts) {
        Announcements announcements = new Announcements();
        for (Contract contract : contracts) {
            ReachedTypes types = ReachedTypes.from(contract.descriptor());
            types.messages().forEach(announcements::add);
            types.enums().forEach(announcements::add);
        }
        return announcements;
    }

    private void add(Descriptor message) {
        for (FieldDescriptor field : message.getFields()) {
            deprecatedByElement.put(key(field), field.getOptions().getDeprecated());
        }
    }

    private void add(EnumDescriptor type) {
        for (EnumValueDescriptor value : type.getValues()) {
            deprecatedByElement.put(key(value), value.getOptions().getDeprecated());
        }
    }

    boolean has(FieldDescriptor field) {
        return deprecatedByElement.getOrDefault(key(field), false);
    }

    boolean has(EnumValueDescriptor value) {
        return deprecatedByElement.getOrDefault(key(value), false);
    }

    private static String key(FieldDescriptor field) {
        return field.getContainingType().getFullName() + "#" + field.getNumber();
    }

    private static String key(EnumValueDescriptor value) {
        return value.getType().getFullName() + "#" + value.getName();
    }
}
