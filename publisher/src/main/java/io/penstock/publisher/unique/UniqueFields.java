package io.penstock.publisher.unique;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import java.util.List;

/** The fields of which a contract says {@code unique} and which are not unique already. */
public final class UniqueFields {
    private UniqueFields() {}

    /** In the order of their numbers. A sole key field is left out: no version has two rows with the same key. */
    public static List<FieldDescriptor> of(Contract contract) {
        return contract.descriptor().getFields().stream()
                .filter(field -> contract.rules(field).getUnique())
                .filter(field -> !contract.keyFields().equals(List.of(field)))
                .toList();
    }
}
