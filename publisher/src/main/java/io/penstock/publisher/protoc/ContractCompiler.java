package io.penstock.publisher.protoc;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.internal.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a {@link Contract} of a {@code .proto} file or of a descriptor set. {@code google/protobuf/*.proto} and {@code
 * penstock/contract/v1/contract.proto} can be imported without being there. Thread-safe; each call is one short process.
 */
public final class ContractCompiler {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long DESCRIPTOR_SET_BYTES_MAX = 16 << 20;

    private final Optional<Path> protoc;

    private ContractCompiler(Optional<Path> protoc) {
        this.protoc = protoc;
    }

    /** With the {@code protoc} of the distribution ({@code penstock.home}). */
    public static ContractCompiler bundled() {
        return new ContractCompiler(Optional.empty());
    }

    /** With a {@code protoc} of the caller's. */
    public static ContractCompiler with(Path protoc) {
        return new ContractCompiler(Optional.of(protoc));
    }

    /**
     * Compiles a file and takes the contract of one of its messages.
     *
     * @param protoPath where imports are looked for; the file must be under one of them
     * @throws PublisherException {@code USAGE} if a file or protoc is not there, {@code REFUSED} if the contract is no good
     */
    public Contract compile(Path file, List<Path> protoPath, String message) {
        return compile(file, protoPath, Optional.of(message));
    }

    /**
     * The same for the file's only contract, if no message is named.
     *
     * @throws PublisherException also {@code REFUSED}, naming them, if it has several contracts, or none
     */
    public Contract compile(Path file, List<Path> protoPath, Optional<String> message) {
        requireReadable(file, "contract");
        try (TemporaryDirectory work = TemporaryDirectory.create(temporaryDirectory(), "penstock-protoc-")) {
            Path include = work.path().resolve("include");
            BuiltInProtos.extractTo(include);
            Path output = work.path().resolve("contract.binpb");
            List<String> arguments = new ArrayList<>();
            arguments.add("--include_imports");
            arguments.add("--include_source_info");
            arguments.add("--descriptor_set_out=" + output);
            arguments.add("--proto_path=" + include);
            protoPath.forEach(path -> arguments.add("--proto_path=" + path.toAbsolutePath()));
            arguments.add(file.toAbsolutePath().toString());
            Path executable = ProtocExecutable.find(protoc, work.path());
            ProtocProcess.Result result = ProtocProcess.run(executable, arguments, work.path(), TIMEOUT);
            if (result.exitCode() != 0) {
                throw new PublisherException(
                        Category.REFUSED,
                        "CONTRACT_DOES_NOT_COMPILE",
                        "contract " + file + " does not compile:\n"
                                + result.output().strip());
            }
            return contract(output, message, true);
        } catch (IOException e) {
            throw new PublisherException(
                    Category.USAGE,
                    "PROTOC",
                    "cannot compile " + file + ": " + e.getMessage() + " (a directory that can be written is needed: "
                            + temporaryDirectory() + ")",
                    e);
        }
    }

    /**
     * Takes the contract of one message out of a file with a serialized {@code FileDescriptorSet}, as {@code protoc
     * --include_imports --descriptor_set_out} and {@code buf build} write it.
     *
     * @throws PublisherException {@code USAGE} if the file is not there, {@code REFUSED} if the contract is no good
     */
    public static Contract read(Path descriptorSet, String message) {
        return read(descriptorSet, Optional.of(message));
    }

    /**
     * The same for the set's only contract, if no message is named.
     *
     * @throws PublisherException also {@code REFUSED}, naming them, if it has several contracts, or none
     */
    public static Contract read(Path descriptorSet, Optional<String> message) {
        requireReadable(descriptorSet, "descriptors");
        try {
            return contract(descriptorSet, message, false);
        } catch (IOException e) {
            throw new PublisherException(
                    Category.USAGE,
                    "CONTRACT_FILE",
                    "descriptors: cannot read " + descriptorSet + ": " + e.getMessage(),
                    e);
        }
    }

    /** @param compiled whether protoc just wrote the set, so that its last file is the one that was compiled */
    private static Contract contract(Path descriptorSet, Optional<String> message, boolean compiled)
            throws IOException {
        long size = Files.size(descriptorSet);
        if (size > DESCRIPTOR_SET_BYTES_MAX) {
            throw new PublisherException(
                    Category.REFUSED,
                    "TOO_LARGE",
                    descriptorSet + ": " + size + " bytes (expected: <= " + DESCRIPTOR_SET_BYTES_MAX + ")");
        }
        try {
            FileDescriptorSet set = FileDescriptorSet.parseFrom(Files.readAllBytes(descriptorSet));
            return Contract.of(set, message.isPresent() ? message.get() : soleContract(set, compiled));
        } catch (InvalidProtocolBufferException e) {
            throw new PublisherException(
                    Category.REFUSED,
                    "MALFORMED_DESCRIPTORS",
                    descriptorSet + ": not a serialized google.protobuf.FileDescriptorSet",
                    e);
        } catch (ContractException e) {
            throw new PublisherException(Category.REFUSED, e.code().name(), "contract: " + e.getMessage(), e);
        }
    }

    private static String soleContract(FileDescriptorSet set, boolean compiled) {
        FileDescriptorSet candidates = compiled
                ? FileDescriptorSet.newBuilder()
                        .addFile(set.getFile(set.getFileCount() - 1))
                        .build()
                : set;
        List<String> contracts = Contract.messagesIn(candidates);
        if (contracts.size() != 1) {
            throw new PublisherException(
                    Category.REFUSED,
                    "NO_SOLE_CONTRACT",
                    "contract: "
                            + (contracts.isEmpty()
                                    ? "no message has the option (penstock.contract.v1.data_product)"
                                    : String.join(", ", contracts) + " are contracts (name one as the message)"));
        }
        return contracts.get(0);
    }

    private static void requireReadable(Path file, String what) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new PublisherException(
                    Category.USAGE, "CONTRACT_FILE", what + ": cannot read " + file + " (expected: a file)");
        }
    }

    private static Path temporaryDirectory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}
