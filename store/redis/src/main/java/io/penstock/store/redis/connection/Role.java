package io.penstock.store.redis.connection;

/** What a server must be for a connection to be of use. */
enum Role {
    PRIMARY,
    REPLICA,
    /** A cluster's node, whichever it is. */
    NODE,
    SENTINEL
}
