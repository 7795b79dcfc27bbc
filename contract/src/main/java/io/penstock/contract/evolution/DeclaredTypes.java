package io.penstock.contract.evolution;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Everything a contract's files declare, by full name, whether a row can hold it or not. */
final class DeclaredTypes {
    final Map<String, FileDescriptor> files = new HashMap<>();
    final Map<String, Descriptor> messages = new HashMap<>();
    final Map<String, EnumDescriptor> enums = new HashMap<>();

    static DeclaredTypes of(FileDescriptor file) {
        DeclaredTypes types = new DeclaredTypes();
        types.add(file);
        return types;
    }

    private DeclaredTypes() {}

    private void add(FileDescriptor file) {
        if (files.putIfAbsent(file.getName(), file) == null) {
            add(file.getMessageTypes(), file.getEnumTypes());
            file.getDependencies().forEach(this::add);
        }
    }

    private void add(List<Descriptor> declaredMessages, List<EnumDescriptor> declaredEnums) {
        declaredEnums.forEach(type -> enums.put(type.getFullName(), type));
        for (Descriptor message : declaredMessages) {
            messages.put(message.getFullName(), message);
            add(message.getNestedTypes(), message.getEnumTypes());
        }
    }
}
