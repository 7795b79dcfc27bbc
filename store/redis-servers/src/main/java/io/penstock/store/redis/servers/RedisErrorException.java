package io.penstock.store.redis.servers;

/** A Redis server answered a test's command with an error; the message is the server's own. */
public final class RedisErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedisErrorException(String message) {
        super(message);
    }
}
