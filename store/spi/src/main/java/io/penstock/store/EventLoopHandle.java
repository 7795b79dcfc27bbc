package io.penstock.store;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The caller's event loop, as much of it as a backend may see. It exists so that a backend can run its connections on
 * the loop that asks, while this module depends on no networking library.
 */
public interface EventLoopHandle {
    /** Runs tasks on the loop, in order, after the present turn. Any thread may submit. Never null. */
    Executor executor();

    /** Whether the calling thread is the loop's. */
    boolean inEventLoop();

    /** Returns the loop as {@code type} (such as Netty's {@code EventLoop}), or null if it is not one. */
    <T> @Nullable T unwrap(Class<T> type);
}
