package io.penstock.benchmarks.echo;

/**
 * What the baseline server listens on and answers.
 *
 * @param host the address to listen on
 * @param port 0 = a free one
 * @param eventLoops threads that do all the work
 */
public record EchoOptions(String host, int port, int eventLoops, EchoAnswers answers) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_EVENT_LOOPS = 1;

    public EchoOptions {
        require("port", port, 0, 65_535);
        require("eventLoops", eventLoops, 1, 1024);
    }

    /** A free port, one event loop, values of 200 bytes. */
    public static EchoOptions defaults() {
        return of(EchoAnswers.ofRows(EchoAnswers.DEFAULT_VALUE_BYTES, EchoAnswers.DEFAULT_BATCH_ROWS));
    }

    /** A free port, one event loop. */
    public static EchoOptions of(EchoAnswers answers) {
        return new EchoOptions(DEFAULT_HOST, 0, DEFAULT_EVENT_LOOPS, answers);
    }

    private static void require(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
