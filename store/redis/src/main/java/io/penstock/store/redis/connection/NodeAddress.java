package io.penstock.store.redis.connection;

/** Where a server listens. */
public record NodeAddress(String host, int port) {
    public NodeAddress {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("host: '' (expected: a name or an address)");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
