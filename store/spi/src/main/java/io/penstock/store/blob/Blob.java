package io.penstock.store.blob;

/** A blob to write: an address, and body and {@link Seal} in one array that nobody changes any more. */
public final class Blob {
    private final BlobAddress address;
    private final byte[] sealed;

    private Blob(BlobAddress address, byte[] sealed) {
        this.address = address;
        this.sealed = sealed;
    }

    /** Seals a body for its address. */
    public static Blob of(BlobAddress address, byte[] body) {
        return new Blob(address, Seal.seal(body, address.keyNameBytes()));
    }

    /** A value as it was read from a store, for copying it to another; the seal is taken as it is. */
    public static Blob ofSealed(BlobAddress address, byte[] sealed) {
        return new Blob(address, sealed);
    }

    public BlobAddress address() {
        return address;
    }

    /** Body and seal. Not a copy. */
    public byte[] sealed() {
        return sealed;
    }
}
