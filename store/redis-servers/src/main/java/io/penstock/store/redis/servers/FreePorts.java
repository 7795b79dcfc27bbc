package io.penstock.store.redis.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports nobody listens on. They lie below the range that operating systems give to outgoing connections, so that a server
 * that is down for a while finds its port free when it comes back; and 10,000 above each there is room for a cluster's bus.
 */
public final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int LAST = 22_000;
    private static final int ATTEMPTS_MAX = 1_000;

    /** How far above a cluster node's port its bus listens. */
    static final int BUS_OFFSET = 10_000;

    private FreePorts() {}

    /** A port that was free a moment ago, and its bus port too. Somebody else may be faster: be ready to try again. */
    public static int next() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port) && isFree(port + BUS_OFFSET)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
