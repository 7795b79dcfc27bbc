package io.penstock.contract.evolution;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The messages and enums that a row can hold, each once; recursive ones end. */
public record ReachedTypes(Collection<Descriptor> messages, Collection<EnumDescriptor> enums) {
    public static ReachedTypes from(Descriptor root) {
        Map<String, Descriptor> messages = new LinkedHashMap<>();
        Map<String, EnumDescriptor> enums = new LinkedHashMap<>();
        Deque<Descriptor> open = new ArrayDeque<>();
        messages.put(root.getFullName(), root);
        open.add(root);
        while (!open.isEmpty()) {
            for (FieldDescriptor field : open.remove().getFields()) {
                if (field.getJavaType() == FieldDescriptor.JavaType.ENUM) {
                    enums.putIfAbsent(field.getEnumType().getFullName(), field.getEnumType());
                } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                        && messages.putIfAbsent(field.getMessageType().getFullName(), field.getMessageType()) == null) {
                    open.add(field.getMessageType());
                }
            }
        }
        return new ReachedTypes(messages.values(), enums.values());
    }

    /** The files they are declared in. */
    Set<FileDescriptor> files() {
        Set<FileDescriptor> files = new LinkedHashSet<>();
        messages.forEach(message -> files.add(message.getFile()));
        enums.forEach(type -> files.add(type.getFile()));
        return files;
    }
}
