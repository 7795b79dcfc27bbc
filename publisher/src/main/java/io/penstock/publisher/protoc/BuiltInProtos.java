package io.penstock.publisher.protoc;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files a contract may import without having them: they travel in our jars. */
final class BuiltInProtos {
    private static final List<String> NAMES = List.of(
            "google/protobuf/any.proto",
            "google/protobuf/descriptor.proto",
            "google/protobuf/duration.proto",
            "google/protobuf/empty.proto",
            "google/protobuf/field_mask.proto",
            "google/protobuf/struct.proto",
            "google/protobuf/timestamp.proto",
            "google/protobuf/wrappers.proto",
            "penstock/contract/v1/contract.proto");

    private BuiltInProtos() {}

    static void extractTo(Path directory) throws IOException {
        for (String name : NAMES) {
            try (InputStream content = BuiltInProtos.class.getClassLoader().getResourceAsStream(name)) {
                if (content == null) {
                    throw new FileNotFoundException(name + " is not on the class path");
                }
                Path file = directory.resolve(name);
                Files.createDirectories(file.resolveSibling("."));
                Files.copy(content, file);
            }
        }
    }
}
