package io.penstock.store.redis.connection;

/** Which of a store's connections to a server a command takes, so that what is short does not wait behind what is long. */
public enum Lane {
    /** Catalog, presence, health: short commands that somebody waits for. */
    CONTROL,
    /** Blobs of publishers and collectors, and what must come after them. */
    BULK
}
