package io.penstock.benchmarks.picture;

import java.util.ArrayList;
import java.util.List;

/** A named line of a picture. Not thread-safe. */
public final class Line {
    private final String name;
    private final List<Double> xs = new ArrayList<>();
    private final List<Double> ys = new ArrayList<>();

    public Line(String name) {
        this.name = name;
    }

    /** Adds a point, to the right of the one before. */
    public Line point(double x, double y) {
        xs.add(x);
        ys.add(y);
        return this;
    }

    String name() {
        return name;
    }

    List<Double> xs() {
        return xs;
    }

    List<Double> ys() {
        return ys;
    }

    boolean isEmpty() {
        return xs.isEmpty();
    }
}
