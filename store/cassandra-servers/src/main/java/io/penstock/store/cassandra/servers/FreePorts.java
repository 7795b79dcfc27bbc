package io.penstock.store.cassandra.servers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports nobody listens on, below the range that operating systems give to outgoing connections, so that a server that is
 * down for a while finds its port free when it comes back.
 */
final class FreePorts {
    private static final int FIRST = 22_000;
    private static final int LAST = 32_000;
    private static final int ATTEMPTS_MAX = 1_000;

    private FreePorts() {}

    /** A port that was free on 127.0.0.1 to 127.0.0.n a moment ago. Somebody else may be faster. */
    static int next(int hosts) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port, hosts)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port, int hosts) {
        for (int host = 1; host <= hosts; host++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress("127.0.0." + host, port));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
