package io.penstock.protoc;

import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.Feature;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the clients of all contracts in the files protoc was asked to compile. A contract that contradicts itself is an
 * error that names file, line, message and field, and all of them are told at once.
 */
final class Generator {
    private final CodeGeneratorRequest request;
    private final FileDescriptorSet files;
    private final DeclaredTypes declared;
    private final Map<String, String> messagesByPath = new LinkedHashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final CodeGeneratorResponse.Builder response = CodeGeneratorResponse.newBuilder();

    Generator(CodeGeneratorRequest request) {
        this.request = request;
        files = FileDescriptorSet.newBuilder()
                .addAllFile(request.getProtoFileList())
                .build();
        declared = new DeclaredTypes(request.getProtoFileList());
    }

    CodeGeneratorResponse run() {
        // What a contract must not be is the contract's business; other files of the same run may be anything.
        response.setSupportedFeatures(Feature.FEATURE_PROTO3_OPTIONAL_VALUE | Feature.FEATURE_SUPPORTS_EDITIONS_VALUE);
        response.setMinimumEdition(Edition.EDITION_PROTO2_VALUE).setMaximumEdition(Edition.EDITION_2024_VALUE);
        if (!request.getParameter().isEmpty()) {
            errors.add("parameter: '" + request.getParameter() + "' (expected: none)");
        }
        for (FileDescriptorProto file : request.getProtoFileList()) {
            if (request.getFileToGenerateList().contains(file.getName())) {
                FileDescriptorSet alone =
                        FileDescriptorSet.newBuilder().addFile(file).build();
                Contract.messagesIn(alone).forEach(this::generate);
            }
        }
        if (!errors.isEmpty()) {
            response.clearFile().setError(String.join("\n", errors));
        }
        return response.build();
    }

    private void generate(String message) {
        try {
            Product product = Product.of(Contract.of(files, message));
            add(product, product.clientName(), new ClientSource(product, declared).toString());
            if (product.hasKeyRecord()) {
                add(product, product.keyName(), new KeySource(product, declared).toString());
            }
        } catch (ContractException e) {
            errors.add(e.getMessage());
        }
    }

    private void add(Product product, String className, String source) {
        String qualified = product.javaPackage() + "." + className;
        String path = qualified.replace('.', '/') + ".java";
        String message = product.contract().message();
        if (declared.contains(qualified)) {
            errors.add("file " + product.file() + ", message " + message + ": its generated class " + qualified
                    + " has the name of another type (expected: a message or file of another name)");
        }
        String other = messagesByPath.put(path, message);
        if (other != null) {
            errors.add("file " + product.file() + ", message " + message + ": its generated class " + qualified
                    + " is also that of message " + other + " (expected: a message of another name)");
        }
        response.addFileBuilder().setName(path).setContent(source);
    }
}
