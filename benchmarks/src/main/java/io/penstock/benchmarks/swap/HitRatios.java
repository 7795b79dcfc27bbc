package io.penstock.benchmarks.swap;

import io.penstock.benchmarks.load.Span;
import io.penstock.benchmarks.process.Metrics;
import io.penstock.benchmarks.process.ServeProcess;
import java.util.TreeMap;

/** A server's counters of hits and misses, looked at again and again. */
final class HitRatios {
    private final ServeProcess server;
    private final TreeMap<Long, Metrics> looks = new TreeMap<>();

    HitRatios(ServeProcess server) {
        this.server = server;
    }

    void look() throws InterruptedException {
        long before = System.nanoTime();
        Metrics metrics = server.metrics();
        looks.put(before + (System.nanoTime() - before) / 2, metrics);
    }

    /** Over the looks that enclose a span; NaN if there are none. */
    double in(Span span) {
        var from = looks.floorEntry(span.fromNanos());
        var to = looks.ceilingEntry(span.toNanos());
        return from == null || to == null ? Double.NaN : to.getValue().hitRatioSince(from.getValue());
    }
}
