package io.penstock.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.v1.ContractProto;

/** How refusals say where in a contract something stands: file, line if it is known, message and field. */
record RefusalPlace(SourceLines lines) {
    String of(Descriptor message) {
        SourceLocation location = lines.of(
                message,
                DescriptorProto.OPTIONS_FIELD_NUMBER,
                ContractProto.dataProduct.getDescriptor().getNumber());
        return "file " + location + ", message " + message.getFullName();
    }

    String of(FieldDescriptor field) {
        SourceLocation location = lines.of(
                field,
                FieldDescriptorProto.OPTIONS_FIELD_NUMBER,
                ContractProto.field.getDescriptor().getNumber());
        return "file " + location + ", message " + field.getContainingType().getFullName() + ", field "
                + field.getName();
    }
}
