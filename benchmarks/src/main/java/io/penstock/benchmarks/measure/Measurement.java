package io.penstock.benchmarks.measure;

import java.util.List;

/** Something that measures one or several targets. */
public interface Measurement {
    /** What it is called on the command line. */
    String name();

    /** What it will say something about. */
    List<Target> targets();

    /**
     * Measures; blocks until it is done. Whatever it starts is ended with the session's rig.
     *
     * @throws io.penstock.benchmarks.BenchmarkException if it cannot be measured here
     */
    void run(Session session) throws InterruptedException;
}
