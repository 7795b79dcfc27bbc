package io.penstock.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.v1.ContractProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message's file and all it imports, in the one form a contract is stored and digested in: dependencies first,
 * each file once, options of ours parsed. Of the source info only the locations that carry a comment are kept, and
 * none of the files every contract imports; so reformatting other people's files changes no digest.
 *
 * @param bytes the serialized descriptor set
 * @param message the message, linked
 */
record DescriptorClosure(ByteString bytes, Descriptor message) {
    private static final ExtensionRegistry EXTENSIONS = extensions();

    private static ExtensionRegistry extensions() {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        ContractProto.registerAllExtensions(registry);
        return registry.getUnmodifiable();
    }

    /** Cuts the closure of one message out of a set in any order. */
    static DescriptorClosure of(FileDescriptorSet set, String messageName) {
        // Whoever parsed the set may not have known our options, or may have known others: the bytes decide.
        FileDescriptorSet parsed = parse(set.toByteString());
        FileDescriptorProto root = fileOf(parsed, messageName);
        FileDescriptorSet.Builder canonical = FileDescriptorSet.newBuilder();
        for (FileDescriptorProto file : dependenciesFirst(parsed, root)) {
            canonical.addFile(withCommentsOnly(file));
        }
        FileDescriptorSet closure = canonical.build();
        return new DescriptorClosure(closure.toByteString(), link(closure, messageName));
    }

    /** Reads a stored closure, whose bytes are kept as they are: their digest is the contract's identity. */
    static DescriptorClosure of(ByteString bytes, String messageName) {
        return new DescriptorClosure(bytes, link(parse(bytes), messageName));
    }

    private static FileDescriptorSet parse(ByteString bytes) {
        try {
            return FileDescriptorSet.parseFrom(bytes, EXTENSIONS);
        } catch (InvalidProtocolBufferException e) {
            throw new ContractException(
                    Code.MALFORMED_DESCRIPTORS,
                    "descriptor set: " + e.getMessage() + " (expected: a serialized google.protobuf.FileDescriptorSet)",
                    e);
        }
    }

    /** The messages with our option, in a set that was parsed with or without knowing it. */
    static List<String> contractsIn(FileDescriptorSet set) {
        List<String> contracts = new ArrayList<>();
        for (FileDescriptorProto file : parse(set.toByteString()).getFileList()) {
            contracts.addAll(MessageNames.contractsIn(file));
        }
        return List.copyOf(contracts);
    }

    private static FileDescriptorProto fileOf(FileDescriptorSet set, String messageName) {
        for (FileDescriptorProto file : set.getFileList()) {
            if (MessageNames.in(file).contains(messageName)) {
                return file;
            }
        }
        throw unknownMessage(set, messageName);
    }

    private static ContractException unknownMessage(FileDescriptorSet set, String messageName) {
        List<String> contracts = contractsIn(set);
        return new ContractException(
                Code.UNKNOWN_MESSAGE,
                "message " + messageName + ": not in the descriptor set (messages with a data_product option: "
                        + (contracts.isEmpty() ? "none" : String.join(", ", contracts)) + ")");
    }

    /** A post-order walk from the root in the order of the import statements, hence the same for the same files. */
    private static List<FileDescriptorProto> dependenciesFirst(FileDescriptorSet set, FileDescriptorProto root) {
        Map<String, FileDescriptorProto> filesByName = new HashMap<>();
        for (FileDescriptorProto file : set.getFileList()) {
            if (filesByName.put(file.getName(), file) != null) {
                throw malformed(file.getName(), "is in the descriptor set twice", null);
            }
        }
        Map<String, FileDescriptorProto> done = new LinkedHashMap<>();
        Map<String, Integer> nextImports = new HashMap<>();
        Deque<FileDescriptorProto> path = new ArrayDeque<>();
        path.push(root);
        nextImports.put(root.getName(), 0);
        while (!path.isEmpty()) {
            FileDescriptorProto file = path.element();
            int next = nextImports.merge(file.getName(), 1, Integer::sum) - 1;
            if (next == file.getDependencyCount()) {
                done.put(file.getName(), file);
                path.pop();
                continue;
            }
            String imported = file.getDependency(next);
            if (done.containsKey(imported)) {
                continue;
            }
            if (nextImports.put(imported, 0) != null) {
                throw malformed(file.getName(), "imports " + imported + ", which imports it", null);
            }
            path.push(required(filesByName, file, imported));
        }
        return List.copyOf(done.values());
    }

    private static FileDescriptorProto required(
            Map<String, FileDescriptorProto> filesByName, FileDescriptorProto file, String imported) {
        FileDescriptorProto found = filesByName.get(imported);
        if (found == null) {
            throw missingImport(file, imported);
        }
        return found;
    }

    private static FileDescriptorProto withCommentsOnly(FileDescriptorProto file) {
        if (!file.hasSourceCodeInfo()) {
            return file;
        }
        SourceCodeInfo.Builder comments = SourceCodeInfo.newBuilder();
        if (!isEverybodys(file.getName())) {
            for (SourceCodeInfo.Location location : file.getSourceCodeInfo().getLocationList()) {
                if (location.hasLeadingComments()
                        || location.hasTrailingComments()
                        || location.getLeadingDetachedCommentsCount() > 0) {
                    comments.addLocation(location);
                }
            }
        }
        FileDescriptorProto.Builder builder = file.toBuilder().clearSourceCodeInfo();
        return comments.getLocationCount() == 0
                ? builder.build()
                : builder.setSourceCodeInfo(comments).build();
    }

    private static boolean isEverybodys(String fileName) {
        return fileName.startsWith("google/protobuf/") || fileName.startsWith("penstock/contract/");
    }

    private static Descriptor link(FileDescriptorSet set, String messageName) {
        Map<String, FileDescriptor> linked = new HashMap<>();
        Descriptor message = null;
        for (FileDescriptorProto file : set.getFileList()) {
            FileDescriptor descriptor = link(file, linked);
            linked.put(file.getName(), descriptor);
            if (message == null) {
                message = find(descriptor, messageName);
            }
        }
        if (message == null) {
            throw unknownMessage(set, messageName);
        }
        return message;
    }

    private static FileDescriptor link(FileDescriptorProto file, Map<String, FileDescriptor> linked) {
        FileDescriptor[] imports = new FileDescriptor[file.getDependencyCount()];
        for (int i = 0; i < imports.length; i++) {
            FileDescriptor imported = linked.get(file.getDependency(i));
            if (imported == null) {
                throw missingImport(file, file.getDependency(i));
            }
            imports[i] = imported;
        }
        for (int index : file.getPublicDependencyList()) {
            if (index < 0 || index >= imports.length) {
                throw malformed(file.getName(), "public import " + index + " of " + imports.length, null);
            }
        }
        try {
            return FileDescriptor.buildFrom(file, imports);
        } catch (DescriptorValidationException e) {
            throw malformed(file.getName(), e.getMessage(), e);
        } catch (RuntimeException e) {
            // The runtime checks what protoc can get wrong; a set made by hand can be worse than that.
            throw malformed(file.getName(), "cannot be linked: " + e, e);
        }
    }

    private static @Nullable Descriptor find(FileDescriptor file, String messageName) {
        Deque<Descriptor> open = new ArrayDeque<>(file.getMessageTypes());
        while (!open.isEmpty()) {
            Descriptor message = open.pop();
            if (message.getFullName().equals(messageName)) {
                return message;
            }
            open.addAll(message.getNestedTypes());
        }
        return null;
    }

    private static ContractException missingImport(FileDescriptorProto file, String imported) {
        return new ContractException(
                Code.MISSING_IMPORT,
                "file " + file.getName() + ": imports " + imported
                        + ", which is not in the descriptor set (expected: a set with all imports; protoc "
                        + "writes one with --include_imports)");
    }

    private static ContractException malformed(String fileName, @Nullable String what, @Nullable Throwable cause) {
        return new ContractException(
                Code.MALFORMED_DESCRIPTORS,
                "file " + fileName + ": " + what + " (expected: a descriptor set as protoc writes it)",
                cause);
    }
}
