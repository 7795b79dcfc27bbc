package io.penstock.benchmarks.echo;

/**
 * What the baseline server listens on and answers.
 *
 * @param host the address to listen on
 * @param port 0 = a free one
 * @param eventLoops threads that do all the work
 * @param valueBytes bytes of each row's value
 * @param batchRows rows of every {@code BatchGet} answer, however many keys were asked for
 */
public record EchoOptions(String host, int port, int eventLoops, int valueBytes, int batchRows) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_EVENT_LOOPS = 1;
    public static final int DEFAULT_VALUE_BYTES = 200;
    public static final int DEFAULT_BATCH_ROWS = 100;

    private static final int VALUE_BYTES_MAX = 1 << 20;
    private static final int BATCH_ROWS_MAX = 1000;

    public EchoOptions {
        require("port", port, 0, 65_535);
        require("eventLoops", eventLoops, 1, 1024);
        require("valueBytes", valueBytes, 0, VALUE_BYTES_MAX);
        require("batchRows", batchRows, 1, BATCH_ROWS_MAX);
    }

    /** A free port, one event loop, values of 200 bytes. */
    public static EchoOptions defaults() {
        return new EchoOptions(DEFAULT_HOST, 0, DEFAULT_EVENT_LOOPS, DEFAULT_VALUE_BYTES, DEFAULT_BATCH_ROWS);
    }

    private static void require(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
