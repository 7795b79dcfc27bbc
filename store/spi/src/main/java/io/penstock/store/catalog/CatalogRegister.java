package io.penstock.store.catalog;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One register, linearizable as far as the backend can be, that holds a namespace's catalog: {@code write id ‖ catalog ‖
 * crc}. Backends treat the value as opaque but for the write id in its first sixteen bytes.
 *
 * <p>Thread-safe; nothing blocks; stages complete on any thread, exceptionally with {@link
 * io.penstock.store.StoreException} ({@code UNREACHABLE}, {@code CLOSED}, {@code INTERNAL}), always within the backend's
 * own time-out.
 */
public interface CatalogRegister {
    /** Strong read of the whole value; empty when there is none. */
    CompletionStage<Optional<byte[]>> read();

    /** Cheap read of the write id alone, for polling; may lag. Empty when there is no value. */
    CompletionStage<Optional<WriteId>> readWriteId();

    /**
     * Replaces the value if the present one starts with {@code expected}, or, when that is null, if there is none.
     *
     * @param value starts with a write id never used before
     * @return {@code UNKNOWN} when the reply was lost: it may be applied already, later, or never. Never exceptional for
     *     a lost reply; exceptional only when the write certainly was not sent or was refused (such as {@code FULL})
     */
    CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value);

    /**
     * Calls {@code moved} whenever the value may have changed: by push where the backend has it, and by polling always.
     * It is called on a thread of the backend and must not block; it may be called without a change.
     *
     * @return stops watching when closed; idempotent
     */
    Watch watch(Runnable moved);

    /** What came of a compare-and-set. */
    enum CasResult {
        APPLIED,
        CONFLICT,
        UNKNOWN
    }

    /** A watch in progress. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
