package io.penstock.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import io.penstock.storage.v1.StoredContract;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A data product's contract: a protobuf message whose options were checked. It is all that publishers and servers know
 * of the data, and it travels with every version.
 *
 * <p>Immutable and thread-safe. Two contracts are equal when they are about the same message and their descriptor sets
 * are the same bytes.
 */
public final class Contract {
    /** The most bytes a contract's descriptor set may have, so that a manifest and an answer can carry it. */
    public static final int DESCRIPTOR_BYTES_MAX = 1 << 20;

    private final DescriptorClosure closure;
    private final SourceLines lines;
    private final StoredContract stored;
    private final DataProduct product;
    private final int major;
    private final List<FieldDescriptor> keyFields;
    private final KeyEncoding keyEncoding;
    private final Optional<Duration> freshness;
    private final Optional<Duration> expiresAfter;
    private final Optional<Duration> p99;

    /**
     * Reads the contract of one message out of a descriptor set that holds its file and all imports, in any order. It
     * does not matter whether the set was parsed with our options known.
     *
     * @throws ContractException if the set is malformed or incomplete, or the message is not a valid contract
     */
    public static Contract of(FileDescriptorSet set, String messageFullName) {
        DescriptorClosure closure = DescriptorClosure.of(set, messageFullName);
        SourceLines lines = SourceLines.of(set);
        Contract contract = new Contract(closure, sha256(closure.bytes()), lines);
        UnknownOptions.refuse(contract.descriptor(), new RefusalPlace(lines));
        return contract;
    }

    /**
     * Reads the contract of a generated message. Generated code has no comments, so the digest differs from that of the
     * published contract.
     *
     * @throws ContractException if the message is not a valid contract
     */
    public static Contract of(Descriptor message) {
        Set<FileDescriptor> files = new LinkedHashSet<>();
        collect(message.getFile(), files);
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        for (FileDescriptor file : files) {
            set.addFile(file.toProto());
        }
        return of(set.build(), message.getFullName());
    }

    /**
     * Reads a contract as a manifest carries it; {@link #toStored} gives the same bytes back.
     *
     * @throws ContractException if it is damaged or not a valid contract
     */
    public static Contract of(StoredContract stored) {
        ByteString digest = sha256(stored.getDescriptorSet());
        if (!digest.equals(stored.getDigest())) {
            throw new ContractException(
                    Code.DIGEST_MISMATCH,
                    "message " + stored.getMessage()
                            + ": the digest of the stored contract is not the SHA-256 of its descriptor set");
        }
        return new Contract(
                DescriptorClosure.of(stored.getDescriptorSet(), stored.getMessage()), digest, SourceLines.NONE);
    }

    /** The full names of the messages in a descriptor set that are contracts, in its order. */
    public static List<String> messagesIn(FileDescriptorSet set) {
        return DescriptorClosure.contractsIn(set);
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> files) {
        if (files.add(file)) {
            file.getDependencies().forEach(imported -> collect(imported, files));
        }
    }

    private static ByteString sha256(ByteString bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.asReadOnlyByteBuffer());
            return ByteString.copyFrom(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private Contract(DescriptorClosure closure, ByteString digest, SourceLines lines) {
        this.closure = closure;
        this.lines = lines;
        Descriptor message = closure.message();
        stored = StoredContract.newBuilder()
                .setMessage(message.getFullName())
                .setDescriptorSet(closure.bytes())
                .setDigest(digest)
                .build();
        if (closure.bytes().size() > DESCRIPTOR_BYTES_MAX) {
            throw new ContractException(
                    Code.TOO_LARGE,
                    "message " + message.getFullName() + ": its descriptor set has "
                            + closure.bytes().size() + " bytes (expected: <= " + DESCRIPTOR_BYTES_MAX
                            + "; import fewer files)");
        }
        RefusalPlace place = new RefusalPlace(lines);
        ProductRules rules = ProductRules.of(message, place);
        product = rules.product();
        major = rules.major();
        freshness = rules.duration("freshness", product.getFreshness());
        expiresAfter = rules.duration("expires_after", product.getExpiresAfter());
        p99 = rules.duration("p99", product.getP99());
        new FieldRulesCheck(place).check(message);
        keyFields = FieldRulesCheck.keyFields(message);
        keyEncoding = KeyEncoding.of(keyFields);
        new ProductPromiseCheck(place.of(message)).check(product, dataset(), keyEncoding);
    }

    /** The dataset's name, {@code customer-360.v1}. */
    public String dataset() {
        return product.getName() + ".v" + major;
    }

    /** The product's name, {@code customer-360}. */
    public String product() {
        return product.getName();
    }

    /** The major version: what the message's package ends in. */
    public int major() {
        return major;
    }

    /** The full name of the message. */
    public String message() {
        return stored.getMessage();
    }

    /** The message, linked from the descriptor set; not the descriptor of a generated class. */
    public Descriptor descriptor() {
        return closure.message();
    }

    /** The fields the key is made of, at least one, in the order of their numbers. */
    public List<FieldDescriptor> keyFields() {
        return keyFields;
    }

    public KeyEncoding keyEncoding() {
        return keyEncoding;
    }

    /** The canonical descriptor set and its digest, to be kept in a manifest. */
    public StoredContract toStored() {
        return stored;
    }

    /** SHA-256 of the canonical descriptor set. */
    public ByteString digest() {
        return stored.getDigest();
    }

    public String owner() {
        return product.getOwner();
    }

    /** One sentence about the product; empty when the contract has none. */
    public String description() {
        return product.getDescription();
    }

    /** The whole {@code data_product} option, checked. */
    public DataProduct promises() {
        return product;
    }

    /** The age the producer promises to stay under. */
    public Optional<Duration> freshness() {
        return freshness;
    }

    /** How long after its publication a version may be read. Empty: for ever. */
    public Optional<Duration> expiresAfter() {
        return expiresAfter;
    }

    /** The producer's latency budget for one {@code Get} at the 99th percentile. */
    public Optional<Duration> p99() {
        return p99;
    }

    /**
     * What the contract says of a field of {@link #descriptor} or of the generated class of the same message; nothing
     * said is the default instance.
     *
     * @throws IllegalArgumentException if the field is not one of this message
     */
    public FieldRules rules(FieldDescriptor field) {
        FieldDescriptor own = field.getContainingType().getFullName().equals(message())
                ? descriptor().findFieldByNumber(field.getNumber())
                : null;
        if (own == null) {
            throw new IllegalArgumentException(
                    "field: " + field.getFullName() + " (expected: one of " + message() + ")");
        }
        return own.getOptions().getExtension(ContractProto.field);
    }

    /**
     * Where an element of this contract's files, or a part of it, is written. The line is known only of a contract that was
     * just compiled: what is stored keeps no lines.
     *
     * @param part the path from the element's descriptor message to the part, in protobuf's field numbers and indexes
     */
    public SourceLocation location(GenericDescriptor element, int... part) {
        return lines.of(element, part);
    }

    /** The comment at an element of this contract's files, in one line; empty if there is none. */
    public String comment(GenericDescriptor element) {
        return SourceComments.of(element);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Contract that && stored.equals(that.stored);
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    /** Dataset, message and the first bytes of the digest. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(dataset()).append(" (").append(message()).append(", ");
        for (byte each : digest().substring(0, 6).toByteArray()) {
            text.append(Character.forDigit((each >> 4) & 0xf, 16)).append(Character.forDigit(each & 0xf, 16));
        }
        return text.append(')').toString();
    }
}
