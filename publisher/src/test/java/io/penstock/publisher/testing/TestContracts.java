package io.penstock.publisher.testing;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.FileOptions;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;

/** Contracts made without protoc: a string key {@code id} and a string {@code name}. */
public final class TestContracts {
    private TestContracts() {}

    /** The contract of {@code <product>.v1}. */
    public static Contract of(String product) {
        return of(product, "", FieldDescriptorProto.Type.TYPE_STRING);
    }

    /** One that expires. */
    public static Contract expiring(String product, String after) {
        return of(product, after, FieldDescriptorProto.Type.TYPE_STRING);
    }

    /** One that breaks readers of {@link #of}: {@code name} has another type. */
    public static Contract broken(String product) {
        return of(product, "", FieldDescriptorProto.Type.TYPE_INT64);
    }

    /** One that readers of {@link #of} can live with: one more field. */
    public static Contract extended(String product) {
        return contract(
                product,
                message(product, "", FieldDescriptorProto.Type.TYPE_STRING)
                        .addField(field("city", 3, FieldDescriptorProto.Type.TYPE_STRING)));
    }

    /** One whose optional {@code name} has these rules. */
    public static Contract checked(String product, FieldRules rules) {
        DescriptorProto.Builder message = message(product, "", FieldDescriptorProto.Type.TYPE_STRING)
                .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_name"));
        message.getFieldBuilder(1)
                .setProto3Optional(true)
                .setOneofIndex(0)
                .setOptions(FieldOptions.newBuilder().setExtension(ContractProto.field, rules));
        return contract(product, message);
    }

    private static Contract of(String product, String expiresAfter, FieldDescriptorProto.Type nameType) {
        return contract(product, message(product, expiresAfter, nameType));
    }

    private static DescriptorProto.Builder message(
            String product, String expiresAfter, FieldDescriptorProto.Type nameType) {
        DataProduct promises = DataProduct.newBuilder()
                .setName(product)
                .setOwner("tests")
                .setExpiresAfter(expiresAfter)
                .build();
        FieldOptions key = FieldOptions.newBuilder()
                .setExtension(
                        ContractProto.field,
                        FieldRules.newBuilder().setKey(true).build())
                .build();
        return DescriptorProto.newBuilder()
                .setName("Item")
                .setOptions(MessageOptions.newBuilder().setExtension(ContractProto.dataProduct, promises))
                .addField(field("id", 1, FieldDescriptorProto.Type.TYPE_STRING).setOptions(key))
                .addField(field("name", 2, nameType));
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(Label.LABEL_OPTIONAL);
    }

    private static Contract contract(String product, DescriptorProto.Builder message) {
        String packageName = "tests." + product.replace('-', '_') + ".v1";
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName(product + ".proto")
                .setPackage(packageName)
                .setSyntax("proto3")
                .setOptions(FileOptions.getDefaultInstance())
                .addDependency(ContractProto.getDescriptor().getName())
                .addMessageType(message)
                .build();
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        addWithDependencies(ContractProto.getDescriptor(), set);
        return Contract.of(set.addFile(file).build(), packageName + ".Item");
    }

    private static void addWithDependencies(FileDescriptor file, FileDescriptorSet.Builder set) {
        file.getDependencies().forEach(dependency -> addWithDependencies(dependency, set));
        set.addFile(file.toProto());
    }
}
