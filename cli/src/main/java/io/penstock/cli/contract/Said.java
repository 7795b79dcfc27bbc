package io.penstock.cli.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a contract's author wrote, made fit to be printed: a terminal must not take it for commands. */
final class Said {
    private Said() {}

    static String text(String written) {
        return written.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }

    static @Nullable String orNull(String written) {
        return written.isBlank() ? null : text(written);
    }

    /** Those of these options that are set, by name, in their order. */
    static Map<String, Object> options(Message options, List<FieldDescriptor> wanted) {
        Map<String, Object> said = new LinkedHashMap<>();
        for (FieldDescriptor option : wanted) {
            boolean set = option.isRepeated() ? options.getRepeatedFieldCount(option) > 0 : options.hasField(option);
            if (set) {
                Object value = options.getField(option);
                said.put(option.getName(), value instanceof String written ? text(written) : value);
            }
        }
        return said;
    }

    static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
