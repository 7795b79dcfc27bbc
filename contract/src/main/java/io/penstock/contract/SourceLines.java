package io.penstock.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines that descriptors were read from, as far as their source info tells. A path is protobuf's own: field numbers
 * and indexes that lead from a file's descriptor to one of its parts.
 */
final class SourceLines {
    static final SourceLines NONE = new SourceLines(Map.of());

    private final Map<String, Map<List<Integer>, Integer>> linesByFile;

    private SourceLines(Map<String, Map<List<Integer>, Integer>> linesByFile) {
        this.linesByFile = linesByFile;
    }

    static SourceLines of(FileDescriptorSet set) {
        Map<String, Map<List<Integer>, Integer>> linesByFile = new HashMap<>();
        for (FileDescriptorProto file : set.getFileList()) {
            Map<List<Integer>, Integer> lines = new HashMap<>();
            for (Location location : file.getSourceCodeInfo().getLocationList()) {
                if (location.getSpanCount() > 0) {
                    lines.putIfAbsent(List.copyOf(location.getPathList()), location.getSpan(0) + 1);
                }
            }
            linesByFile.put(file.getName(), lines);
        }
        return new SourceLines(linesByFile);
    }

    /**
     * Where an element is, or a part of it; if the source info does not know that part, where the nearest thing around
     * it is.
     *
     * @param part the path from the element's own descriptor message
     */
    SourceLocation of(GenericDescriptor element, int... part) {
        List<Integer> path = new ArrayList<>(path(element));
        for (int step : part) {
            path.add(step);
        }
        Map<List<Integer>, Integer> lines =
                linesByFile.getOrDefault(element.getFile().getName(), Map.of());
        // An empty path is the whole file, which is no place to point at.
        while (!path.isEmpty()) {
            Integer line = lines.get(path);
            if (line != null) {
                return new SourceLocation(element.getFile().getName(), line);
            }
            path.remove(path.size() - 1);
        }
        return new SourceLocation(element.getFile().getName(), 0);
    }

    /** The path from a file's descriptor to one of its elements. */
    static List<Integer> path(GenericDescriptor element) {
        Deque<Integer> path = new ArrayDeque<>();
        Descriptor around = null;
        if (element instanceof FieldDescriptor field && !field.isExtension()) {
            push(path, DescriptorProto.FIELD_FIELD_NUMBER, field.getIndex());
            around = field.getContainingType();
        } else if (element instanceof EnumValueDescriptor value) {
            push(path, EnumDescriptorProto.VALUE_FIELD_NUMBER, value.getIndex());
            around = pushEnum(path, value.getType());
        } else if (element instanceof EnumDescriptor type) {
            around = pushEnum(path, type);
        } else if (element instanceof Descriptor message) {
            around = message;
        }
        while (around != null) {
            Descriptor outer = around.getContainingType();
            push(
                    path,
                    outer == null
                            ? FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER
                            : DescriptorProto.NESTED_TYPE_FIELD_NUMBER,
                    around.getIndex());
            around = outer;
        }
        return List.copyOf(path);
    }

    private static @Nullable Descriptor pushEnum(Deque<Integer> path, EnumDescriptor type) {
        Descriptor outer = type.getContainingType();
        push(
                path,
                outer == null ? FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER : DescriptorProto.ENUM_TYPE_FIELD_NUMBER,
                type.getIndex());
        return outer;
    }

    private static void push(Deque<Integer> path, int fieldNumber, int index) {
        path.push(index);
        path.push(fieldNumber);
    }
}
