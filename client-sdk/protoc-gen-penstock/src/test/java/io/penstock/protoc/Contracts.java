package io.penstock.protoc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import io.penstock.contract.v1.ContractProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The contracts of the tests, as protoc hands them to a plugin. */
final class Contracts {
    static final Path DIRECTORY = Path.of(Objects.requireNonNull(System.getProperty("contracts.directory")));

    private static final FileDescriptorSet ALL = read();

    private Contracts() {}

    private static FileDescriptorSet read() {
        ExtensionRegistry extensions = ExtensionRegistry.newInstance();
        ContractProto.registerAllExtensions(extensions);
        try (InputStream bytes = Files.newInputStream(DIRECTORY.resolve("contracts.binpb"))) {
            return FileDescriptorSet.parseFrom(bytes, extensions);
        } catch (IOException e) {
            throw new AssertionError("the build compiles src/test/contracts", e);
        }
    }

    /** All files that are not Google's or ours. */
    static List<String> files() {
        return ALL.getFileList().stream()
                .map(FileDescriptorProto::getName)
                .filter(name -> !name.startsWith("google/") && !name.startsWith("penstock/"))
                .toList();
    }

    static CodeGeneratorRequest request(String... files) {
        return CodeGeneratorRequest.newBuilder()
                .addAllProtoFile(ALL.getFileList())
                .addAllFileToGenerate(Arrays.asList(files))
                .build();
    }

    /** A request with one file changed. */
    static CodeGeneratorRequest request(String file, UnaryOperator<FileDescriptorProto> change) {
        CodeGeneratorRequest.Builder request = CodeGeneratorRequest.newBuilder().addFileToGenerate(file);
        for (FileDescriptorProto each : ALL.getFileList()) {
            request.addProtoFile(each.getName().equals(file) ? change.apply(each) : each);
        }
        return request.build();
    }
}
