package io.penstock.store.lmdb;

import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** LMDB runs one write transaction at a time on the whole machine; that makes the compare-and-set. */
final class LmdbCatalogRegister implements CatalogRegister {
    private final LmdbStore store;
    private final byte[] key;

    LmdbCatalogRegister(LmdbStore store, String namespace) {
        this.store = store;
        this.key = KeyNames.catalog(namespace);
    }

    @Override
    public CompletionStage<Optional<byte[]>> read() {
        return store.read(snapshot -> Optional.ofNullable(snapshot.copy(key)));
    }

    @Override
    public CompletionStage<Optional<WriteId>> readWriteId() {
        return store.read(snapshot -> Optional.ofNullable(snapshot.get(key)).map(WriteId::of));
    }

    @Override
    public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
        if (value.length < WriteId.BYTES) {
            throw new IllegalArgumentException(
                    "catalog value: " + value.length + " bytes (expected: >= " + WriteId.BYTES + ")");
        }
        return store.writeUrgently(new CompareAndSet(key, expected, value.clone()));
    }

    @Override
    public Watch watch(Runnable moved) {
        store.requireOpen();
        return store.environment().watches().add(store, key, moved);
    }

    private static final class CompareAndSet extends Write<CasResult> {
        private final byte[] key;
        private final @Nullable WriteId expected;
        private final byte[] value;
        private CasResult result = CasResult.UNKNOWN;

        CompareAndSet(byte[] key, @Nullable WriteId expected, byte[] value) {
            this.key = key;
            this.expected = expected;
            this.value = value;
        }

        @Override
        boolean step(WriteTransaction transaction) {
            ByteBuffer present = transaction.get(key);
            WriteId actual = present == null ? null : WriteId.of(present);
            boolean asExpected = expected == null ? actual == null : expected.equals(actual);
            if (asExpected) {
                transaction.put(key, value);
            }
            result = asExpected ? CasResult.APPLIED : CasResult.CONFLICT;
            return true;
        }

        @Override
        boolean isDurable() {
            return result == CasResult.APPLIED;
        }

        @Override
        CasResult value() {
            return result;
        }

        @Override
        void unknown(StoreException error) {
            complete(CasResult.UNKNOWN);
        }
    }
}
