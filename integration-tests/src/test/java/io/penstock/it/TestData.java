package io.penstock.it;

import com.google.protobuf.CodedInputStream;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * Rows in the style of Cassandra's Harry: a value is a function of key and state, so that whoever reads one can tell by
 * itself whether, and of which state, it is right.
 *
 * @param product the data product's name; the dataset is {@code <product>.v1}
 * @param rows how many rows there are, with the keys 0 to rows − 1
 * @param changedPercent how many of a hundred keys have a value of their own in each state; the others never change
 * @param padding bytes of noise in a value
 */
public record TestData(String product, int rows, int changedPercent, int padding) {
    public static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    public String dataset() {
        return product + ".v1";
    }

    /** {@code message Row { string id = 1 [key]; int64 state = 2; bytes noise = 3; }}. */
    public Contract contract() {
        DataProduct options = DataProduct.newBuilder()
                .setName(product)
                .setOwner("integration-tests")
                .setDescription("Rows that can be checked by themselves.")
                .build();
        FieldOptions key = FieldOptions.newBuilder()
                .setExtension(
                        ContractProto.field,
                        FieldRules.newBuilder().setKey(true).build())
                .build();
        DescriptorProto row = DescriptorProto.newBuilder()
                .setName("Row")
                .setOptions(MessageOptions.newBuilder().setExtension(ContractProto.dataProduct, options))
                .addField(field("id", 1, FieldDescriptorProto.Type.TYPE_STRING).setOptions(key))
                .addField(field("state", 2, FieldDescriptorProto.Type.TYPE_INT64))
                .addField(field("noise", 3, FieldDescriptorProto.Type.TYPE_BYTES))
                .build();
        String path = "tests/" + product.replace('-', '_') + "/v1";
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName(path + "/row.proto")
                .setSyntax("proto3")
                .setPackage(path.replace('/', '.'))
                .addDependency("penstock/contract/v1/contract.proto")
                .addMessageType(row)
                .build();
        return Contract.of(
                FileDescriptorSet.newBuilder()
                        .addFile(DescriptorProtos.getDescriptor().getFile().toProto())
                        .addFile(ContractProto.getDescriptor().toProto())
                        .addFile(file)
                        .build(),
                file.getPackage() + ".Row");
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    public String key(int row) {
        return product + "-" + row;
    }

    /** The row of a key. */
    public int row(String key) {
        return Integer.parseInt(key.substring(product.length() + 1));
    }

    /** Which state a row's value is of when the data is in {@code state}. */
    public long stateOf(int row, long state) {
        return new SplittableRandom(row).nextInt(100) < changedPercent ? state : 0;
    }

    /** The row as it is published when the data is in {@code state}. */
    public byte[] value(int row, long state) {
        long own = stateOf(row, state);
        byte[] noise = new byte[padding];
        new SplittableRandom(row * 31L + own).nextBytes(noise);
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeString(1, key(row));
            if (own != 0) {
                out.writeInt64(2, own);
            }
            out.writeByteArray(3, noise);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The state that a value says it is of. */
    public long stateIn(byte[] value) {
        try {
            CodedInputStream in = CodedInputStream.newInstance(value);
            in.readTag();
            in.readString();
            return in.readTag() == 2 << 3 ? in.readInt64() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows in one state, complete up to {@code state} seconds after {@link #EPOCH}. */
    public RowSource source(long state) {
        return source(state, EPOCH.plusSeconds(state));
    }

    public RowSource source(long state, Instant dataAsOf) {
        return source(state, dataAsOf, row -> true);
    }

    /** Only the rows that have a value of their own in that state: as an upsert they bring every other state to it. */
    public RowSource changes(long state) {
        return source(state, EPOCH.plusSeconds(state), row -> stateOf(row, state) != 0);
    }

    private RowSource source(long state, Instant dataAsOf, IntPredicate present) {
        return new RowSource() {
            @Override
            public String describe() {
                return product + " in state " + state;
            }

            @Override
            public Optional<Instant> readDataAsOf() {
                return Optional.of(dataAsOf);
            }

            @Override
            public RowCursor open(Contract contract) {
                return new Cursor(state, present);
            }
        };
    }

    private final class Cursor implements RowCursor {
        private final long state;
        private final IntPredicate present;
        private int row = -1;

        Cursor(long state, IntPredicate present) {
            this.state = state;
            this.present = present;
        }

        @Override
        public boolean next() {
            do {
                row++;
            } while (row < rows && !present.test(row));
            return row < rows;
        }

        @Override
        public byte[] key() {
            return TestData.this.key(row).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] value() {
            return TestData.this.value(row, state);
        }

        @Override
        public long rowNumber() {
            return row + 1L;
        }

        @Override
        public boolean isNull(int fieldIndex) {
            return false;
        }

        @Override
        public void close() {}
    }
}
