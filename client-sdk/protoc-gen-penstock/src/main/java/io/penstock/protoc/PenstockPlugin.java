package io.penstock.protoc;

import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import io.penstock.contract.v1.ContractProto;
import java.io.IOException;

/** {@code protoc-gen-penstock}: reads protoc's request from standard input and writes the response to standard output. */
public final class PenstockPlugin {
    private PenstockPlugin() {}

    public static void main(String[] args) throws IOException {
        ExtensionRegistry extensions = ExtensionRegistry.newInstance();
        ContractProto.registerAllExtensions(extensions);
        CodeGeneratorRequest request = CodeGeneratorRequest.parseFrom(System.in, extensions);
        new Generator(request).run().writeTo(System.out);
        System.out.flush();
    }
}
