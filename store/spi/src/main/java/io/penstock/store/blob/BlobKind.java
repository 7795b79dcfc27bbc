package io.penstock.store.blob;

/** What a blob holds; its lower-case name is part of the key name. */
public enum BlobKind {
    BUCKET("bucket"),
    CHUNK("chunk"),
    DIGEST("digest"),
    MANIFEST("manifest"),
    INTENT("intent");

    private final String label;

    BlobKind(String label) {
        this.label = label;
    }

    /** As it stands in key names. */
    public String label() {
        return label;
    }
}
