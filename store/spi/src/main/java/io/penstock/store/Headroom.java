package io.penstock.store;

/**
 * How much a store holds and may hold, as far as it knows.
 *
 * @param usedBytes bytes in use, or −1 if unknown
 * @param maxBytes bytes it can hold, or −1 if unknown or unbounded
 */
public record Headroom(long usedBytes, long maxBytes) {
    public static final Headroom UNKNOWN = new Headroom(-1, -1);

    /** Whether {@code bytes} more fit; true when it is unknown. */
    public boolean fits(long bytes) {
        return maxBytes < 0 || usedBytes < 0 || maxBytes - usedBytes >= bytes;
    }
}
