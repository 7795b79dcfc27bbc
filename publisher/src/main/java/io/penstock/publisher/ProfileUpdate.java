package io.penstock.publisher;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.penstock.publisher.diff.RowChange;
import io.penstock.publisher.diff.RowChanges;
import io.penstock.publisher.profile.RowProfiler;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of the fields of a version when most of its rows are the parent's: its counts, less the rows that went,
 * plus those that came. A field is NULL in a stored row when it can say so and is not set. Of the smallest and the largest
 * number it is only known that they are no further in than this says; different values cannot be counted. When rows go
 * because nothing of them may be left, a smallest or largest number that may have been theirs goes, too. Not thread-safe.
 */
final class ProfileUpdate implements RowChanges {
    private final List<FieldDescriptor> fields;
    private final boolean forgets;
    private final Map<Integer, FieldProfile> before = new HashMap<>();
    private final RowProfiler gone;
    private final RowProfiler came;
    /** By field number; those that can be NULL. */
    private final Map<Integer, Long> nulls = new TreeMap<>();

    /** @param forgets whether numbers that may be those of rows that went are to be forgotten */
    ProfileUpdate(Descriptor message, @Nullable Manifest parent, boolean forgets) {
        this.fields = message.getFields();
        this.forgets = forgets;
        this.gone = new RowProfiler(message, field -> false);
        this.came = new RowProfiler(message, field -> false);
        if (parent != null) {
            fields.forEach(field -> before.put(field.getNumber(), unknownBefore(field, parent.getRows())));
            parent.getFieldsList().forEach(field -> before.put(field.getField(), field));
        }
        for (FieldDescriptor field : fields) {
            if (field.hasPresence()) {
                nulls.put(field.getNumber(), parent == null ? 0L : nullsBefore(parent, field.getNumber()));
            }
        }
    }

    private long nullsBefore(Manifest parent, int field) {
        FieldProfile profile = before.get(field);
        return profile == null ? parent.getRows() : profile.getNulls();
    }

    /** A field that the parent did not know is NULL in all its rows, or, if it cannot be, has its default. */
    private static FieldProfile unknownBefore(FieldDescriptor field, long rows) {
        FieldProfile.Builder profile = FieldProfile.newBuilder().setField(field.getNumber());
        if (field.hasPresence()) {
            profile.setNulls(rows);
        } else if (!field.isRepeated() && rows > 0) {
            switch (field.getJavaType()) {
                case STRING -> profile.setBlanks(rows);
                case INT, LONG, FLOAT, DOUBLE ->
                    profile.setNumbers(rows).setMin(0).setMax(0).setMean(0);
                case BOOLEAN, BYTE_STRING, ENUM, MESSAGE -> {}
            }
        }
        return profile.build();
    }

    @Override
    public void changed(RowChange change) {
        countNulls(change.old(), -1);
        countNulls(change.present(), 1);
        if (change.old() != null) {
            gone.count(change.old().getValue().toByteArray());
        }
        if (change.present() != null) {
            came.count(change.present().getValue().toByteArray());
        }
    }

    private void countNulls(@Nullable Row row, int sign) {
        if (row == null || nulls.isEmpty()) {
            return;
        }
        nulls.replaceAll((field, count) -> count + sign);
        try {
            countSet(row.getValue(), sign);
        } catch (IOException e) {
            throw new IllegalStateException("a stored row is not a message", e);
        }
    }

    private void countSet(ByteString value, int sign) throws IOException {
        CodedInputStream in = value.newCodedInput();
        int before = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (field != before) {
                nulls.computeIfPresent(field, (number, count) -> count - sign);
            }
            before = field;
            in.skipField(tag);
        }
    }

    /** In the order of the message's fields. */
    List<FieldProfile> profiles() {
        List<FieldProfile> profiles = new ArrayList<>();
        for (FieldDescriptor field : fields) {
            FieldProfile old = before.getOrDefault(field.getNumber(), FieldProfile.getDefaultInstance());
            profiles.add(combined(old, gone.profile(field, 0), came.profile(field, 0)).toBuilder()
                    .setField(field.getNumber())
                    .setNulls(nulls.getOrDefault(field.getNumber(), 0L))
                    .build());
        }
        return profiles;
    }

    private FieldProfile combined(FieldProfile before, FieldProfile less, FieldProfile more) {
        FieldProfile old = forgets ? withoutExtremesOf(less, before) : before;
        long numbers = Math.max(0, old.getNumbers() - less.getNumbers() + more.getNumbers());
        FieldProfile.Builder combined = FieldProfile.newBuilder()
                .setBlanks(Math.max(0, old.getBlanks() - less.getBlanks() + more.getBlanks()))
                .setNumbers(numbers);
        if (numbers > 0) {
            combined.setMean((sum(old) - sum(less) + sum(more)) / numbers);
        }
        if (old.hasMin() || more.hasMin()) {
            combined.setMin(Math.min(
                    old.hasMin() ? old.getMin() : Double.POSITIVE_INFINITY,
                    more.hasMin() ? more.getMin() : Double.POSITIVE_INFINITY));
        }
        if (old.hasMax() || more.hasMax()) {
            combined.setMax(Math.max(
                    old.hasMax() ? old.getMax() : Double.NEGATIVE_INFINITY,
                    more.hasMax() ? more.getMax() : Double.NEGATIVE_INFINITY));
        }
        return combined.build();
    }

    private static FieldProfile withoutExtremesOf(FieldProfile less, FieldProfile before) {
        FieldProfile.Builder left = before.toBuilder();
        if (less.hasMin() && less.getMin() <= before.getMin()) {
            left.clearMin();
        }
        if (less.hasMax() && less.getMax() >= before.getMax()) {
            left.clearMax();
        }
        return left.build();
    }

    private static double sum(FieldProfile field) {
        return field.getNumbers() == 0 ? 0 : field.getMean() * field.getNumbers();
    }
}
