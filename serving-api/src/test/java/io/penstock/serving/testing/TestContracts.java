package io.penstock.serving.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.UnknownFieldSet;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import io.penstock.storage.v1.StoredContract;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A contract for any dataset's name: a string key {@code id = 1} and a string {@code text = 2}. */
public final class TestContracts {
    private TestContracts() {}

    /** The contract of {@code <product>.v<major>}. */
    public static StoredContract of(String dataset) {
        return of(dataset, false);
    }

    /**
     * The contract of {@code <product>.v<major>}.
     *
     * @param grown with one field more, {@code int64 amount = 3}
     */
    public static StoredContract of(String dataset, boolean grown) {
        int dot = dataset.lastIndexOf('.');
        String product = dataset.substring(0, dot);
        String protoPackage = "testing." + product.replace('-', '_') + dataset.substring(dot);
        DescriptorProto.Builder message = DescriptorProto.newBuilder()
                .setName("Item")
                .setOptions(MessageOptions.newBuilder()
                        .setExtension(
                                ContractProto.dataProduct,
                                DataProduct.newBuilder()
                                        .setName(product)
                                        .setOwner("tests")
                                        .setDescription("Items of a test.")
                                        .build()))
                .addField(field("id", 1, FieldDescriptorProto.Type.TYPE_STRING)
                        .setOptions(FieldOptions.newBuilder()
                                .setExtension(
                                        ContractProto.field,
                                        FieldRules.newBuilder().setKey(true).build())))
                .addField(field("text", 2, FieldDescriptorProto.Type.TYPE_STRING));
        if (grown) {
            message.addField(field("amount", 3, FieldDescriptorProto.Type.TYPE_INT64));
        }
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("testing/" + product + ".proto")
                .setPackage(protoPackage)
                .setSyntax("proto3")
                .addDependency(ContractProto.getDescriptor().getName())
                .addMessageType(message)
                .build();
        ByteString set = FileDescriptorSet.newBuilder()
                .addFile(DescriptorProtos.getDescriptor().toProto())
                .addFile(ContractProto.getDescriptor().toProto())
                .addFile(file)
                .build()
                .toByteString();
        return StoredContract.newBuilder()
                .setMessage(protoPackage + ".Item")
                .setDescriptorSet(set)
                .setDigest(sha256(set))
                .build();
    }

    /** A row of such a contract, serialized. */
    public static byte[] value(String id, String text) {
        return UnknownFieldSet.newBuilder()
                .addField(1, text(id))
                .addField(2, text(text))
                .build()
                .toByteArray();
    }

    private static UnknownFieldSet.Field text(String text) {
        return UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(text))
                .build();
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static ByteString sha256(ByteString bytes) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** The UTF-8 bytes of a key. */
    public static byte[] key(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }
}
