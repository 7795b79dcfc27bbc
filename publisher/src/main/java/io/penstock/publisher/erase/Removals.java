package io.penstock.publisher.erase;

import io.penstock.contract.Contract;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import io.penstock.publisher.RowSource;
import io.penstock.storage.v1.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an upsert that only removes keys from a version. It says of its data what the version says. Used once.
 */
public final class Removals implements RowSource {
    private static final RowMark REMOVE = new RowMark(RowOperation.DELETE, RowMark.NEVER);
    private static final byte[] NO_VALUE = {};

    private final List<byte[]> keys;
    private @Nullable Manifest version;

    /** @param keys distinct */
    public Removals(List<byte[]> keys) {
        this.keys = List.copyOf(keys);
    }

    /** From which version; said before anything is read. */
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
        return Objects.requireNonNull(version, "the version to remove keys from");
    }

    @Override
    public boolean removesOnly() {
        return true;
    }

    @Override
    public RowCursor open(Contract contract) {
        return new Cursor();
    }

    private final class Cursor implements RowCursor {
        private int at = -1;

        @Override
        public boolean next() {
            return ++at < keys.size();
        }

        @Override
        public byte[] key() {
            return keys.get(at);
        }

        @Override
        public byte[] value() {
            return NO_VALUE;
        }

        @Override
        public long rowNumber() {
            return at + 1L;
        }

        @Override
        public RowMark mark() {
            return REMOVE;
        }

        @Override
        public boolean isNull(int fieldIndex) {
            return false;
        }

        @Override
        public void close() {}
    }
}
