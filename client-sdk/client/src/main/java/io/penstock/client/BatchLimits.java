package io.penstock.client;

/**
 * How much of a batch goes into one request; what is beyond it goes into further ones. The defaults are the server's.
 *
 * @param keysMax the most keys of a request, all datasets together
 * @param bytesMax the most bytes of a request
 */
record BatchLimits(int keysMax, int bytesMax) {
    static final BatchLimits DEFAULT = new BatchLimits(1_000, 256 << 10);

    /** A request has room for one key of the longest, its dataset and its options. */
    static final int BYTES_MIN = 4 << 10;

    /** Requests of one batch that are under way at once. */
    static final int REQUESTS_IN_FLIGHT_MAX = 4;
}
