package io.penstock.publisher.erase;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.contract.Contract;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import io.penstock.publisher.diff.ParentRows;
import io.penstock.publisher.diff.ParentRows.Item;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a stored version, to be published once more without those whose keys are erased meanwhile. It says of its data
 * what the version says. Used once.
 */
public final class StoredVersionSource implements RowSource {
    private final StoredBlobs stored;
    private @Nullable Manifest version;

    public StoredVersionSource(StoredBlobs stored) {
        this.stored = stored;
    }

    /** Which version; said before anything is read. */
    public void from(Manifest manifest) {
        version = manifest;
    }

    @Override
    public String describe() {
        return "the version before, without erased keys";
    }

    @Override
    public Optional<Instant> readDataAsOf() {
        var dataAsOf = version().getDataAsOf();
        return Optional.of(Instant.ofEpochSecond(dataAsOf.getSeconds(), dataAsOf.getNanos()));
    }

    @Override
    public boolean isDataAsOfAssumed() {
        return version().getDataAsOfAssumed();
    }

    private Manifest version() {
        return Objects.requireNonNull(version, "the version to publish once more");
    }

    @Override
    public RowCursor open(Contract contract) {
        return new Cursor(
                new ParentRows(stored, version()), contract.descriptor().getFields());
    }

    private final class Cursor implements RowCursor {
        private final ParentRows rows;
        private final List<FieldDescriptor> fields;
        private Row row = Row.getDefaultInstance();
        private @Nullable DynamicMessage message;
        private long number;

        Cursor(ParentRows rows, List<FieldDescriptor> fields) {
            this.rows = rows;
            this.fields = fields;
        }

        @Override
        public boolean next() {
            Item item = rows.peek();
            if (item == null) {
                return false;
            }
            Row read = item.row();
            if (read == null) {
                throw unreadable("a bucket is missing or damaged");
            }
            if (read.hasExpiresAt()) {
                throw unreadable("it has rows with an expiry of their own, which would be lost");
            }
            rows.skip();
            row = read;
            message = null;
            number++;
            return true;
        }

        private PublisherException unreadable(String why) {
            return new PublisherException(
                    Category.DATA_LOSS,
                    "VERSION_DAMAGED",
                    stored.dataset() + ": version " + version().getNumber() + " cannot be published without the keys: "
                            + why + "; publish the data again, and then erase them");
        }

        @Override
        public byte[] key() {
            return row.getKey().toByteArray();
        }

        @Override
        public byte[] value() {
            return row.getValue().toByteArray();
        }

        @Override
        public long rowNumber() {
            return number;
        }

        @Override
        public boolean isNull(int fieldIndex) {
            FieldDescriptor field = fields.get(fieldIndex);
            return field.hasPresence() && !message().hasField(field);
        }

        private DynamicMessage message() {
            DynamicMessage parsed = message;
            if (parsed == null) {
                try {
                    parsed = DynamicMessage.parseFrom(fields.get(0).getContainingType(), row.getValue());
                } catch (InvalidProtocolBufferException e) {
                    throw unreadable("a row is no message of its contract");
                }
                message = parsed;
            }
            return parsed;
        }

        @Override
        public void close() {}
    }
}
