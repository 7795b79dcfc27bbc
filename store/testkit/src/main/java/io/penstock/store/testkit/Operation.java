package io.penstock.store.testkit;

/** What can be asked of a store, and so can be disturbed. */
public enum Operation {
    /** A read of a {@code BlobReader}. */
    BLOB_READ,
    /** A read of a {@code BlobWriter}. */
    BLOB_GET,
    BLOB_PUT,
    BLOB_DELETE,
    BLOB_SCAN,
    BARRIER,
    CATALOG_READ,
    CATALOG_POLL,
    CATALOG_CAS,
    PRESENCE_PUT,
    PRESENCE_REMOVE,
    PRESENCE_LIST,
    HEALTH,
    HEADROOM
}
