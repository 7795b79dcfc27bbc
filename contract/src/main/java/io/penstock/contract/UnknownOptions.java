package io.penstock.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.v1.ContractProto;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what only a newer Penstock knows in our options: a promise that is ignored is worse than none. Stored contracts are
 * not held against it, so that an older server can serve what a newer publisher made.
 */
final class UnknownOptions {
    private UnknownOptions() {}

    static void refuse(Descriptor message, RefusalPlace place) {
        refuse(
                message.getOptions().getExtension(ContractProto.dataProduct),
                place.of(message) + ": option (penstock.contract.v1.data_product)");
        for (FieldDescriptor field : message.getFields()) {
            refuse(
                    field.getOptions().getExtension(ContractProto.field),
                    place.of(field) + ": option (penstock.contract.v1.field)");
        }
    }

    private static void refuse(Message option, String where) {
        String unknown = unknown(option, "");
        if (unknown != null) {
            throw new ContractException(
                    Code.UNKNOWN_OPTION,
                    where + unknown + ": not known to this Penstock (expected: an option of its"
                            + " penstock/contract/v1/contract.proto; use a newer Penstock, or leave it out)");
        }
    }

    private static @Nullable String unknown(Message option, String path) {
        for (int number : option.getUnknownFields().asMap().keySet()) {
            return path + ": field number " + number;
        }
        for (Map.Entry<FieldDescriptor, Object> set : option.getAllFields().entrySet()) {
            String inner = path + "." + set.getKey().getName();
            if (set.getValue() instanceof EnumValueDescriptor value && value.getIndex() < 0) {
                return inner + ": " + value.getNumber();
            }
            String unknown = set.getValue() instanceof Message message ? unknown(message, inner) : null;
            if (unknown != null) {
                return unknown;
            }
        }
        return null;
    }
}
