package io.penstock.publisher.profile;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.penstock.storage.v1.FieldProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Counts the top-level fields of serialized contract messages as they pass: blank texts, smallest, largest and mean
 * number, and, where it is asked for, how many different values. It walks the wire format and builds no message, because
 * every row of every publication passes it. Not thread-safe.
 */
public final class RowProfiler {
    /** Ascending by number, as the fields of a deterministically serialized message are. */
    private final List<FieldCounter> counters = new ArrayList<>();

    /**
     * Nothing counted yet.
     *
     * @param distinct whether the different values of the field of a name are counted, which takes 16 KiB of memory
     */
    public RowProfiler(Descriptor message, Predicate<String> distinct) {
        message.getFields().stream()
                .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
                .forEach(field -> counters.add(new FieldCounter(field, distinct.test(field.getName()))));
    }

    /** Counts one row. Of bytes that are no message, what stands before the damage counts. */
    public void count(byte[] row) {
        CodedInputStream in = CodedInputStream.newInstance(row);
        int next = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int number = WireFormat.getTagFieldNumber(tag);
                while (next < counters.size() && counters.get(next).number() < number) {
                    counters.get(next++).missing();
                }
                if (next < counters.size() && counters.get(next).number() == number) {
                    if (counters.get(next).take(tag, in, row)) {
                        next++;
                    }
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            return;
        }
        while (next < counters.size()) {
            counters.get(next++).missing();
        }
    }

    /**
     * What was counted of a field.
     *
     * @param nulls in how many rows the source had NULL, which the rows alone do not say of every field
     */
    public FieldProfile profile(FieldDescriptor field, long nulls) {
        for (FieldCounter counter : counters) {
            if (counter.number() == field.getNumber()) {
                return counter.profile(nulls);
            }
        }
        throw new IllegalArgumentException("field: " + field.getFullName() + " (expected: one of the contract's)");
    }
}
