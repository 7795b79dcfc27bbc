package io.penstock.client;

import io.grpc.Metadata;
import java.util.function.Consumer;

/**
 * What goes with every request besides the question: the caller's trace, or tenant. A read may send several requests, some
 * of them from other threads than the caller's: so what the caller's thread knows is captured when the read begins, and
 * written into each request later.
 */
@FunctionalInterface
public interface RequestHeaders {
    /**
     * Captures what the calling thread knows; once a read, on the caller's thread. Must not block.
     *
     * @return writes it into the headers of a request; called once a request, on any thread, must not block
     */
    Consumer<Metadata> capture();
}
