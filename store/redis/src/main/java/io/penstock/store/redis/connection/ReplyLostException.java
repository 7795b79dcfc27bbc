package io.penstock.store.redis.connection;

import io.penstock.store.StoreException;
import org.jspecify.annotations.Nullable;

/** A command was sent and its answer did not come: it may have happened already, may happen later, or never. */
public final class ReplyLostException extends StoreException {
    private static final long serialVersionUID = 1L;

    ReplyLostException(Code code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
