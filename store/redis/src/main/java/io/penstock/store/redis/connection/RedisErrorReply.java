package io.penstock.store.redis.connection;

import io.penstock.store.StoreException;

/** A server answered a command with an error, so the command had no effect. */
public final class RedisErrorReply extends StoreException {
    private static final long serialVersionUID = 1L;

    private final String kind;

    RedisErrorReply(Code code, String message, String kind) {
        super(code, message);
        this.kind = kind;
    }

    /** The first word of the error, such as {@code NOSCRIPT}. */
    public String kind() {
        return kind;
    }
}
