package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds each field's column. Names match regardless of case; each field has a column and each column a field or a use. */
final class Columns {
    private final Map<String, Integer> byName = new HashMap<>();
    private final Set<String> unused = new HashSet<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final int[] fields;
    private final @Nullable Integer operation;
    private final @Nullable Integer expiresAt;

    private Columns(List<FieldDescriptor> fields, List<String> columnNames, RowColumns special) {
        for (int i = 0; i < columnNames.size(); i++) {
            if (byName.put(folded(columnNames.get(i)), i) != null) {
                problems.add("column " + columnNames.get(i) + " appears twice");
            }
        }
        unused.addAll(byName.keySet());
        this.operation = find(special.operation());
        this.expiresAt = find(special.expiresAt());
        this.fields = new int[fields.size()];
        for (int i = 0; i < fields.size(); i++) {
            Integer column = find(fields.get(i).getName());
            this.fields[i] = column == null ? -1 : column;
        }
    }

    static Columns of(Descriptor message, List<FieldDescriptor> fields, List<String> columnNames, RowColumns special) {
        Columns columns = new Columns(fields, columnNames, special);
        columns.requireAll(message, columnNames);
        return columns;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private @Nullable Integer find(@Nullable String name) {
        if (name == null) {
            return null;
        }
        Integer column = byName.get(folded(name));
        if (column == null) {
            missing.add(name);
        }
        unused.remove(folded(name));
        return column;
    }

    private void requireAll(Descriptor message, List<String> columnNames) {
        if (!missing.isEmpty()) {
            problems.add("no column for " + String.join(", ", missing));
        }
        List<String> unknown = columnNames.stream()
                .filter(name -> unused.contains(folded(name)))
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            problems.add("no field for " + String.join(", ", unknown));
        }
        if (!problems.isEmpty()) {
            throw new SourceException(
                    Category.REFUSED,
                    "COLUMN_MISMATCH",
                    "the query's columns are not the fields of " + message.getFullName() + ": "
                            + String.join("; ", problems) + " (name every column after its field)");
        }
    }

    /** The column of each field. */
    int[] fields() {
        return fields;
    }

    /** The column of the operation, or null. */
    @Nullable
    Integer operation() {
        return operation;
    }

    /** The column of the expiry, or null. */
    @Nullable
    Integer expiresAt() {
        return expiresAt;
    }
}
