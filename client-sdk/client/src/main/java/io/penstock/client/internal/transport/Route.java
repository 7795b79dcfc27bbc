package io.penstock.client.internal.transport;

import io.grpc.CallOptions;
import org.jspecify.annotations.Nullable;

/**
 * Where one read has been sent so far. Every attempt of it, a retry or a hedge, goes to a server that has not had it while
 * there is one; a follow-up request first goes to the server that answered before.
 *
 * <p>Thread-safe: written by whoever picks a server, on any thread; two that pick at once may both be the first.
 */
public final class Route {
    /** What carries the route to the load balancer. */
    public static final CallOptions.Key<Route> KEY = CallOptions.Key.create("penstock-route");

    private final @Nullable Object preferred;
    private volatile @Nullable Sent sent;

    /** A server that was picked, and those before it. */
    private record Sent(Object server, @Nullable Sent before) {}

    /** A route to any server. */
    public Route() {
        this(null);
    }

    private Route(@Nullable Object preferred) {
        this.preferred = preferred;
    }

    /** A route for another request of the same read, to the server that had the last one if it is still there. */
    public Route again() {
        Sent last = sent;
        return new Route(last == null ? preferred : last.server);
    }

    /** Whether the next attempt should go to this server. */
    boolean suits(Object server) {
        Sent last = sent;
        if (last == null) {
            return preferred == null || preferred == server;
        }
        for (Sent each = last; each != null; each = each.before) {
            if (each.server == server) {
                return false;
            }
        }
        return true;
    }

    /** An attempt goes to this server. */
    void goesTo(Object server) {
        sent = new Sent(server, sent);
    }
}
