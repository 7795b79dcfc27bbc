package io.penstock.cli.contract;

import io.penstock.contract.Contract;
import io.penstock.publisher.protoc.ContractCompiler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command takes contracts from {@code .proto} files and descriptor sets. */
public final class ContractFiles {
    private static final String SOURCE_SUFFIX = ".proto";
    private static final List<String> SET_SUFFIXES = List.of(".binpb", ".pb", ".desc");

    @Option(
            names = "--proto-path",
            paramLabel = "DIRECTORY",
            description = "Where imports are; may be repeated. The file's own directory counts unless it is under one.")
    private List<Path> protoPath = new ArrayList<>();

    @Option(names = "--message", paramLabel = "NAME", description = "The contract's full name, if a file has several.")
    private @Nullable String message;

    @Option(names = "--protoc", paramLabel = "FILE", description = "The protobuf compiler. Default: the bundled one.")
    private @Nullable Path protoc;

    /** Whether a word on the command line means a file: one that is there, or one that is named like one. */
    public static boolean isFile(String word) {
        return Files.isRegularFile(Path.of(word))
                || word.endsWith(SOURCE_SUFFIX)
                || SET_SUFFIXES.stream().anyMatch(word::endsWith);
    }

    /** Compiles a {@code .proto} file; takes any other for a descriptor set. */
    public Contract load(String file) {
        Path path = Path.of(file);
        if (!file.endsWith(SOURCE_SUFFIX)) {
            return ContractCompiler.read(path, Optional.ofNullable(message));
        }
        ContractCompiler compiler = protoc == null ? ContractCompiler.bundled() : ContractCompiler.with(protoc);
        return compiler.compile(path, protoPathOf(path), Optional.ofNullable(message));
    }

    /** protoc wants a file under a path; so its directory counts unless one of those given holds it. */
    private List<Path> protoPathOf(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        List<Path> paths = new ArrayList<>();
        for (Path given : protoPath) {
            paths.add(given.toAbsolutePath().normalize());
        }
        if (paths.stream().noneMatch(absolute::startsWith)) {
            paths.add(0, Objects.requireNonNull(absolute.getParent()));
        }
        return paths;
    }
}
