package io.penstock.store.blob;

import io.penstock.store.DatasetId;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a blob is. An address is written at most once in the life of a store and never reused, because generations are
 * random; this is what makes weak reads safe. Immutable; its key name is made with it, for whoever has an address asks
 * for it, mostly twice. Hot: one is made for every cache miss.
 */
public final class BlobAddress {
    private static final Pattern KEY_NAME = Pattern.compile(
            "penstock:([a-z0-9.-]{1,63}):(bucket|chunk|digest|manifest|intent):([a-z0-9.-]{1,128}):([0-9a-f]{16}):([0-9]{1,10})");
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final BlobKind kind;
    private final DatasetId dataset;
    private final long generation;
    private final long number;
    private final byte[] keyName;

    /**
     * @param generation the publication that wrote the blob; not 0
     * @param number the bucket's or chunk's index; 0 for a manifest
     */
    public BlobAddress(BlobKind kind, DatasetId dataset, long generation, long number) {
        if (generation == 0) {
            throw new IllegalArgumentException("generation: 0 (expected: not 0)");
        }
        if (number < 0) {
            throw new IllegalArgumentException("number: " + number + " (expected: >= 0)");
        }
        this.kind = kind;
        this.dataset = dataset;
        this.generation = generation;
        this.number = number;
        this.keyName = encode(kind, dataset, generation, number);
    }

    public static BlobAddress bucket(DatasetId dataset, long generation, long bucket) {
        return new BlobAddress(BlobKind.BUCKET, dataset, generation, bucket);
    }

    public static BlobAddress chunk(DatasetId dataset, long generation, long chunk) {
        return new BlobAddress(BlobKind.CHUNK, dataset, generation, chunk);
    }

    public static BlobAddress digest(DatasetId dataset, long generation, long chunk) {
        return new BlobAddress(BlobKind.DIGEST, dataset, generation, chunk);
    }

    public static BlobAddress manifest(DatasetId dataset, long generation) {
        return new BlobAddress(BlobKind.MANIFEST, dataset, generation, 0);
    }

    public static BlobAddress intent(DatasetId dataset, long generation, long chunk) {
        return new BlobAddress(BlobKind.INTENT, dataset, generation, chunk);
    }

    /** The address a key name stands for, or empty if it is not a blob's. */
    public static Optional<BlobAddress> parse(String keyName) {
        Matcher matcher = KEY_NAME.matcher(keyName);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long generation = Long.parseUnsignedLong(matcher.group(4), 16);
        if (generation == 0) {
            return Optional.empty();
        }
        BlobKind kind = BlobKind.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
        DatasetId dataset = new DatasetId(matcher.group(1), matcher.group(3));
        return Optional.of(new BlobAddress(kind, dataset, generation, Long.parseLong(matcher.group(5))));
    }

    /** The prefix of the key names of all blobs of a namespace. */
    public static String prefix(String namespace) {
        return "penstock:" + namespace + ":";
    }

    /** The key name. */
    public String keyName() {
        return new String(keyNameBytes(), StandardCharsets.ISO_8859_1);
    }

    /** The key name in ASCII, at most 255 bytes. Not a copy; nobody changes it. */
    public byte[] keyNameBytes() {
        return keyName;
    }

    public BlobKind kind() {
        return kind;
    }

    public DatasetId dataset() {
        return dataset;
    }

    /** The publication that wrote the blob; not 0. */
    public long generation() {
        return generation;
    }

    /** The bucket's or chunk's index; 0 for a manifest. */
    public long number() {
        return number;
    }

    private static byte[] encode(BlobKind kind, DatasetId dataset, long generation, long number) {
        String namespace = dataset.namespace();
        String name = dataset.name();
        String label = kind.label();
        int digits = decimalDigits(number);
        byte[] out = new byte["penstock:".length() + namespace.length() + label.length() + name.length() + 20 + digits];
        int at = put("penstock:", out, 0);
        at = put(namespace, out, at);
        out[at++] = ':';
        at = put(label, out, at);
        out[at++] = ':';
        at = put(name, out, at);
        out[at++] = ':';
        for (int shift = 60; shift >= 0; shift -= 4) {
            out[at++] = HEX[(int) (generation >>> shift) & 0xF];
        }
        out[at++] = ':';
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return out;
    }

    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is the one ASCII copy without an encoder
    private static int put(String text, byte[] out, int at) {
        text.getBytes(0, text.length(), out, at);
        return at + text.length();
    }

    private static int decimalDigits(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlobAddress that
                && number == that.number
                && generation == that.generation
                && kind == that.kind
                && dataset.equals(that.dataset);
    }

    /** Generations are random and differ between datasets. */
    @Override
    public int hashCode() {
        return Long.hashCode(generation + number * 0x9E37_79B9_7F4A_7C15L);
    }

    /** The key name. */
    @Override
    public String toString() {
        return keyName();
    }
}
