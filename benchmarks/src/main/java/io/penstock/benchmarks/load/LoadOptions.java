package io.penstock.benchmarks.load;

import java.time.Duration;

/** A run of the driver: whom it calls, what it asks for, how fast and for how long. */
public record LoadOptions(Target target, Calls calls, Pace pace, Span span) {

    /**
     * Whom the driver calls.
     *
     * @param server {@code host:port}
     * @param connections over all event loops, at least one each
     * @param eventLoops the driver's own threads
     * @param deadline of each call
     */
    public record Target(String server, int connections, int eventLoops, Duration deadline) {
        public static final int DEFAULT_CONNECTIONS = 8;
        public static final int DEFAULT_EVENT_LOOPS = 1;
        public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(1);

        private static final int CONNECTIONS_MAX = 10_000;

        public Target {
            if (eventLoops < 1 || connections < eventLoops || connections > CONNECTIONS_MAX) {
                throw new IllegalArgumentException("connections: " + connections + " on " + eventLoops
                        + " event loops (expected: at least one each, at most " + CONNECTIONS_MAX + ")");
            }
            int colon = server.lastIndexOf(':');
            if (colon < 1 || !server.substring(colon + 1).matches("\\d{1,5}")) {
                throw new IllegalArgumentException("server: " + server + " (expected: host:port)");
            }
            requirePositive("deadline", deadline);
        }

        /** Eight connections on one event loop. */
        public static Target of(String server) {
            return new Target(server, DEFAULT_CONNECTIONS, DEFAULT_EVENT_LOOPS, DEFAULT_DEADLINE);
        }

        String host() {
            return server.substring(0, server.lastIndexOf(':'));
        }

        int port() {
            return Integer.parseInt(server.substring(server.lastIndexOf(':') + 1));
        }
    }

    /**
     * How long a run takes.
     *
     * @param warmUp calls that are due in it are not measured; over its first half the rate of an open loop rises
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
