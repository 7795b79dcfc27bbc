package io.penstock.store.blob;

/** The written form of generations. */
public final class Generations {
    private Generations() {}

    /** 16 lower-case hex digits. */
    public static String format(long generation) {
        String hex = Long.toHexString(generation);
        return "0".repeat(16 - hex.length()) + hex;
    }
}
