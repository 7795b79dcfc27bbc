package io.penstock.publisher.source;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.convert.RowChecks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are messages of the contract already, generated or dynamic: for programs that compute rows themselves, and for
 * tests. They are checked and serialized as rows of a query are. Immutable.
 */
public final class MessageRowSource implements RowSource {
    private final List<Message> rows;
    private final @Nullable Instant dataAsOf;

    private MessageRowSource(List<Message> rows, @Nullable Instant dataAsOf) {
        this.rows = rows;
        this.dataAsOf = dataAsOf;
    }

    public static MessageRowSource of(Collection<? extends Message> rows) {
        return new MessageRowSource(List.copyOf(rows), null);
    }

    /** The same rows, declared to be complete up to a time. */
    public MessageRowSource asOf(Instant newDataAsOf) {
        return new MessageRowSource(rows, newDataAsOf);
    }

    @Override
    public String describe() {
        return "messages in memory";
    }

    @Override
    public Optional<Instant> readDataAsOf() {
        return Optional.ofNullable(dataAsOf);
    }

    @Override
    public RowCursor open(Contract contract) {
        return new Cursor(contract, rows.iterator());
    }

    private static final class Cursor implements RowCursor {
        private final Contract contract;
        private final List<FieldDescriptor> fields;
        private final RowChecks checks;
        private final Iterator<Message> rows;
        private Message row;
        private long rowNumber;
        private byte[] key = {};
        private byte[] value = {};

        Cursor(Contract contract, Iterator<Message> rows) {
            this.contract = contract;
            this.fields = contract.descriptor().getFields();
            this.checks = RowChecks.of(contract);
            this.rows = rows;
            this.row = Empty.getDefaultInstance();
        }

        @Override
        public boolean next() {
            if (!rows.hasNext()) {
                return false;
            }
            row = rows.next();
            rowNumber++;
            String message = row.getDescriptorForType().getFullName();
            if (!message.equals(contract.message())) {
                throw refused("WRONG_MESSAGE", "is a " + message + " (expected: a " + contract.message() + ")");
            }
            try {
                key = contract.keyEncoding().encode(row).getBytes(StandardCharsets.UTF_8);
            } catch (ContractException e) {
                throw refused(e.code().name(), e.getMessage());
            }
            checks.check(row, rowNumber);
            value = serialized(row);
            return true;
        }

        private SourceException refused(String code, @Nullable String what) {
            return new SourceException(Category.REFUSED, code, "row " + rowNumber + ": " + what);
        }

        private static byte[] serialized(Message row) {
            byte[] bytes = new byte[row.getSerializedSize()];
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.useDeterministicSerialization();
            try {
                row.writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException("a buffer in memory failed", e);
            }
            return bytes;
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
            return rowNumber;
        }

        @Override
        public boolean isNull(int fieldIndex) {
            FieldDescriptor field = row.getDescriptorForType()
                    .findFieldByNumber(fields.get(fieldIndex).getNumber());
            return field == null || (field.hasPresence() && !row.hasField(field));
        }

        @Override
        public void close() {}
    }
}
