package io.penstock.serving.grpc;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the JVM's compiler has little left to do. Until then callers meet code that becomes faster by the second, and
 * on few cores they also wait for the compiler. Used by one thread.
 */
final class CompilerWatch {
    /** So long it must have been calm. */
    static final Duration SPAN = Duration.ofSeconds(1);

    /** Of that time it may have been at work. */
    private static final double SHARE_MAX = 0.1;

    private final LongSupplier compiledMillis;
    private long spanBeganNanos;
    private long compiledBefore;

    /**
     * @param compiledMillis what it has worked so far; it does not fall
     * @param nowNanos of the monotonic clock, now and in {@link #isCalm}
     */
    CompilerWatch(LongSupplier compiledMillis, long nowNanos) {
        this.compiledMillis = compiledMillis;
        this.spanBeganNanos = nowNanos;
        this.compiledBefore = compiledMillis.getAsLong();
    }

    /** Of this JVM; one that does not tell is never calm. */
    static CompilerWatch ofThisJvm(long nowNanos) {
        @Nullable CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? new CompilerWatch(compiler::getTotalCompilationTime, nowNanos)
                : new CompilerWatch(() -> Duration.ofNanos(System.nanoTime()).toMillis(), nowNanos);
    }

    /** Whether it did next to nothing in the last span that has ended. To be asked often. */
    boolean isCalm(long nowNanos) {
        long nanos = nowNanos - spanBeganNanos;
        if (nanos < SPAN.toNanos()) {
            return false;
        }
        long compiled = compiledMillis.getAsLong();
        boolean calm = (compiled - compiledBefore) * 1e6 <= nanos * SHARE_MAX;
        spanBeganNanos = nowNanos;
        compiledBefore = compiled;
        return calm;
    }
}
