package io.penstock.benchmarks.data;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A dataset that exists only as a formula: {@code message Item { int64 id = 1 [key]; bytes payload = 2; }} with the keys
 * 0 to rows − 1.
 *
 * @param product the data product's name; the dataset is {@code <product>.v1}
 * @param valueBytes of each row's serialized message, exactly
 * @param changedShare of the rows have another value in each version than in the one before, chosen at random each time
 * @param seed other values for the same keys
 */
public record SyntheticData(String product, long rows, int valueBytes, double changedShare, long seed) {
    public static final String DEFAULT_PRODUCT = "items";
    public static final double DEFAULT_CHANGED_SHARE = 0.01;
    public static final long DEFAULT_SEED = 1;

    /** A message with a long key and an empty payload. */
    public static final int VALUE_BYTES_MIN = 16;

    private static final int ID_FIELD = 1;
    private static final int PAYLOAD_FIELD = 2;
    /** Random bytes, twice as many as a place in them may be, so that a source costs a copy and not a generator's time. */
    private static final int NOISE_BYTES = 1 << 20;

    private static final byte[] NOISE = noise();
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final double TWO_TO_53 = 1L << 53;

    public SyntheticData {
        if (rows < 1) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: >= 1)");
        }
        if (valueBytes < VALUE_BYTES_MIN || valueBytes > RowCursor.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException("valueBytes: " + valueBytes + " (expected: " + VALUE_BYTES_MIN + " to "
                    + RowCursor.VALUE_BYTES_MAX + ")");
        }
        if (!(changedShare >= 0 && changedShare <= 1)) {
            throw new IllegalArgumentException("changedShare: " + changedShare + " (expected: 0 to 1)");
        }
    }

    /** Of the default product, a hundredth of the rows changing. */
    public static SyntheticData of(long rows, int valueBytes) {
        return new SyntheticData(DEFAULT_PRODUCT, rows, valueBytes, DEFAULT_CHANGED_SHARE, DEFAULT_SEED);
    }

    private static byte[] noise() {
        byte[] noise = new byte[2 * NOISE_BYTES];
        new SplittableRandom(DEFAULT_SEED).nextBytes(noise);
        return noise;
    }

    public SyntheticData withChangedShare(double share) {
        return new SyntheticData(product, rows, valueBytes, share, seed);
    }

    public SyntheticData withProduct(String name) {
        return new SyntheticData(name, rows, valueBytes, changedShare, seed);
    }

    /** As callers name it. */
    public String dataset() {
        return product + ".v1";
    }

    /** For the conditions. */
    public String describe() {
        return String.format("%,d rows of %d random bytes", rows, valueBytes);
    }

    /** The row's value in a version; 1 is the first. */
    public byte[] value(long id, long version) {
        byte[] message = new byte[valueBytes];
        int payload = valueBytes - (id == 0 ? 0 : 1 + CodedOutputStream.computeInt64SizeNoTag(id)) - 1;
        payload -= CodedOutputStream.computeUInt32SizeNoTag(payload - 1);
        long bits = mix(id, lastChange(id, version));
        byte[] noise = new byte[payload];
        for (int at = 0; at < payload; at += NOISE_BYTES) {
            int length = Math.min(payload - at, NOISE_BYTES);
            System.arraycopy(NOISE, (int) (bits >>> 1) & (NOISE_BYTES - 1), noise, at, length);
        }
        for (int i = 0; i < Math.min(payload, Long.BYTES); i++) {
            noise[i] ^= (byte) (bits >>> (i * Byte.SIZE)); // the same place in the noise is not the same value
        }
        try {
            CodedOutputStream output = CodedOutputStream.newInstance(message);
            if (id != 0) {
                output.writeInt64(ID_FIELD, id);
            }
            output.writeByteArray(PAYLOAD_FIELD, noise);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it has the length of its parts
        }
        return message;
    }

    /** The version in which the row got the value it has in {@code version}. */
    long lastChange(long id, long version) {
        for (long candidate = version; candidate > 1; candidate--) {
            if ((mix(id, -candidate) >>> 11) / TWO_TO_53 < changedShare) {
                return candidate;
            }
        }
        return 1;
    }

    private long mix(long id, long state) {
        long bits = (seed * GOLDEN + id) * GOLDEN + state;
        bits = (bits ^ bits >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D0_49BB_1331_11EBL;
        return bits ^ bits >>> 31;
    }

    public Contract contract() {
        DataProduct options = DataProduct.newBuilder()
                .setName(product)
                .setOwner("benchmarks")
                .setDescription("Random bytes that can be checked.")
                .build();
        FieldOptions key = FieldOptions.newBuilder()
                .setExtension(
                        ContractProto.field,
                        FieldRules.newBuilder().setKey(true).build())
                .build();
        DescriptorProto item = DescriptorProto.newBuilder()
                .setName("Item")
                .setOptions(MessageOptions.newBuilder().setExtension(ContractProto.dataProduct, options))
                .addField(field("id", ID_FIELD, FieldDescriptorProto.Type.TYPE_INT64)
                        .setOptions(key))
                .addField(field("payload", PAYLOAD_FIELD, FieldDescriptorProto.Type.TYPE_BYTES))
                .build();
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("benchmarks/" + product.replace('-', '_') + "/v1/item.proto")
                .setSyntax("proto3")
                .setPackage("benchmarks." + product.replace('-', '_') + ".v1")
                .addDependency(ContractProto.getDescriptor().getName())
                .addMessageType(item)
                .build();
        return Contract.of(
                FileDescriptorSet.newBuilder()
                        .addFile(DescriptorProtos.getDescriptor().toProto())
                        .addFile(ContractProto.getDescriptor().toProto())
                        .addFile(file)
                        .build(),
                file.getPackage() + ".Item");
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    /** The rows as they are in a version, made while they are read. */
    public RowSource source(long version) {
        return source(describe() + ", version " + version, version, false);
    }

    /** Only the rows that are not in a version what they were in the one before. */
    public RowSource changes(long version) {
        return source("what changed in version " + version + " of " + describe(), version, true);
    }

    private RowSource source(String description, long version, boolean changedOnly) {
        return new RowSource() {
            @Override
            public String describe() {
                return description;
            }

            @Override
            public Optional<Instant> readDataAsOf() {
                return Optional.of(Instant.now());
            }

            @Override
            public RowCursor open(Contract contract) {
                return new Cursor(version, changedOnly);
            }
        };
    }

    private final class Cursor implements RowCursor {
        private final long version;
        private final boolean changedOnly;
        private long id = -1;
        private byte[] key = {};
        private byte[] value = {};

        Cursor(long version, boolean changedOnly) {
            this.version = version;
            this.changedOnly = changedOnly;
        }

        @Override
        public boolean next() {
            do {
                id++;
            } while (changedOnly && id < rows && lastChange(id, version) != version);
            if (id >= rows) {
                return false;
            }
            key = Long.toString(id).getBytes(StandardCharsets.UTF_8);
            value = SyntheticData.this.value(id, version);
            return true;
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public byte[] value() {
            return value;
        }

        @Override
        public long rowNumber() {
            return id + 1;
        }

        @Override
        public boolean isNull(int fieldIndex) {
            return false;
        }

        @Override
        public void close() {}
    }
}
