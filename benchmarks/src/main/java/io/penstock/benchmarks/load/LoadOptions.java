package io.penstock.benchmarks.load;

import java.time.Duration;

/** A run of the driver: whom it calls, what it asks for, how fast and for how long. */
public record LoadOptions(Target target, Keys keys, Pace pace, Span span) {

    /**
     * Whom the driver calls.
     *
     * @param server {@code host:port}
     * @param dataset as callers name it
     * @param batch keys a {@code BatchGet}; 0 = one key a {@code Get}
     * @param connections over all event loops, at least one each
     * @param eventLoops the driver's own threads
     * @param deadline of each call
     */
    public record Target(String server, String dataset, int batch, int connections, int eventLoops, Duration deadline) {
        public static final int DEFAULT_CONNECTIONS = 8;
        public static final int DEFAULT_EVENT_LOOPS = 1;
        public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(1);

        private static final int BATCH_MAX = 1000;
        private static final int CONNECTIONS_MAX = 10_000;

        public Target {
            if (batch < 0 || batch > BATCH_MAX) {
                throw new IllegalArgumentException("batch: " + batch + " (expected: 0 to " + BATCH_MAX + ")");
            }
            if (eventLoops < 1 || connections < eventLoops || connections > CONNECTIONS_MAX) {
                throw new IllegalArgumentException("connections: " + connections + " on " + eventLoops
                        + " event loops (expected: at least one each, at most " + CONNECTIONS_MAX + ")");
            }
            requirePositive("deadline", deadline);
        }

        /** Single look-ups over eight connections on one event loop. */
        public static Target of(String server, String dataset) {
            return new Target(server, dataset, 0, DEFAULT_CONNECTIONS, DEFAULT_EVENT_LOOPS, DEFAULT_DEADLINE);
        }
    }

    /**
     * What the driver asks for.
     *
     * @param seed the same seed asks for the same keys in the same order
     */
    public record Keys(KeySpace space, KeyDistribution distribution, long seed) {
        public static final long DEFAULT_SEED = 1;
    }

    /**
     * How long a run takes.
     *
     * @param warmUp calls that begin in it are not measured
     * @param measured what follows the warm-up
     */
    public record Span(Duration warmUp, Duration measured) {
        public static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(5);
        public static final Duration DEFAULT_MEASURED = Duration.ofSeconds(30);

        public Span {
            if (warmUp.isNegative()) {
                throw new IllegalArgumentException("warm-up: " + warmUp + " (expected: >= 0)");
            }
            requirePositive("duration", measured);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
