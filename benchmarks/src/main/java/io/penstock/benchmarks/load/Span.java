package io.penstock.benchmarks.load;

/** A stretch of a run, on the clock of {@link System#nanoTime}. */
public record Span(long fromNanos, long toNanos) {
    public long nanos() {
        return toNanos - fromNanos;
    }
}
