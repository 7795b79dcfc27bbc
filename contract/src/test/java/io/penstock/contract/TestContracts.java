package io.penstock.contract;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Contracts made without protoc: a file is written in protobuf's text format. */
public final class TestContracts {
    public static final String MESSAGE = "shop.orders.v1.Order";
    public static final String PRODUCT_OPTION =
            "options { [penstock.contract.v1.data_product] { name: 'orders' owner: 'shop' } }";
    public static final String KEY_FIELD =
            "field { name: 'id' number: 1 type: TYPE_INT64 label: LABEL_OPTIONAL json_name: 'id'"
                    + " options { [penstock.contract.v1.field] { key: true } } }";

    private TestContracts() {}

    /** The descriptor set protoc wrote of {@code customer_360.proto}, parsed without our options. */
    public static FileDescriptorSet customer360() {
        try (InputStream stream = TestContracts.class.getResourceAsStream("/customer_360/customer_360.binpb")) {
            return FileDescriptorSet.parseFrom(Objects.requireNonNull(stream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A contract {@code shop.orders.v1.Order} with a key field and what the text adds to the message. */
    public static Contract order(String messageText) {
        return order(messageText, "");
    }

    /** The same, with more in the file. */
    public static Contract order(String messageText, String fileText) {
        return Contract.of(
                set(file("message_type { name: 'Order' " + PRODUCT_OPTION + KEY_FIELD + messageText + "}" + fileText)),
                MESSAGE);
    }

    /** A file of package {@code shop.orders.v1} that imports the contract options. */
    public static FileDescriptorProto file(String text) {
        return parse("name: 'order.proto' package: 'shop.orders.v1' syntax: 'proto3'"
                + " dependency: 'penstock/contract/v1/contract.proto' " + text);
    }

    public static FileDescriptorProto parse(String text) {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        ContractProto.registerAllExtensions(registry);
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder();
        try {
            TextFormat.getParser().merge(text, registry, file);
        } catch (TextFormat.ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
        return file.build();
    }

    /** The files with the two that every contract imports. */
    public static FileDescriptorSet set(FileDescriptorProto... files) {
        return FileDescriptorSet.newBuilder()
                .addAllFile(List.of(files))
                .addFile(ContractProto.getDescriptor().toProto())
                .addFile(DescriptorProtos.getDescriptor().toProto())
                .build();
    }

    /** A contract whose fields are all key fields of these {@code .proto} types, numbered from 1. */
    public static Contract keyedBy(List<String> types) {
        DescriptorProto.Builder message = DescriptorProto.newBuilder()
                .setName("Order")
                .setOptions(MessageOptions.newBuilder()
                        .setExtension(
                                ContractProto.dataProduct,
                                DataProduct.newBuilder()
                                        .setName("orders")
                                        .setOwner("shop")
                                        .build()));
        for (int i = 0; i < types.size(); i++) {
            message.addField(FieldDescriptorProto.newBuilder()
                    .setName("part" + i)
                    .setNumber(i + 1)
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                    .setType(FieldDescriptorProto.Type.valueOf(
                            "TYPE_" + types.get(i).toUpperCase(Locale.ROOT)))
                    .setOptions(FieldOptions.newBuilder()
                            .setExtension(
                                    ContractProto.field,
                                    FieldRules.newBuilder().setKey(true).build())));
        }
        return Contract.of(set(file("").toBuilder().addMessageType(message).build()), MESSAGE);
    }

    /** The same message linked again, as a generated class would have it: equal, and not identical. */
    public static Descriptor linkedAgain(Contract contract) {
        try {
            FileDescriptor file = contract.descriptor().getFile();
            return FileDescriptor.buildFrom(
                            FileDescriptorProto.parseFrom(file.toProto().toByteString()),
                            file.getDependencies().toArray(new FileDescriptor[0]))
                    .findMessageTypeByName(contract.descriptor().getName());
        } catch (InvalidProtocolBufferException | DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }
}
