package io.penstock.contract.evolution;

import java.util.ArrayList;
import java.util.List;

/** Reserved numbers from the first to the last, both included. */
record NumberSpan(long first, long last) {
    /** What of this span none of the others holds. */
    List<NumberSpan> without(List<NumberSpan> others) {
        List<NumberSpan> rest = List.of(this);
        for (NumberSpan other : others) {
            List<NumberSpan> smaller = new ArrayList<>();
            for (NumberSpan span : rest) {
                if (span.first < other.first) {
                    smaller.add(new NumberSpan(span.first, Math.min(span.last, other.first - 1)));
                }
                if (span.last > other.last) {
                    smaller.add(new NumberSpan(Math.max(span.first, other.last + 1), span.last));
                }
            }
            rest = smaller;
        }
        return rest;
    }

    @Override
    public String toString() {
        return first == last ? String.valueOf(first) : first + " to " + last;
    }
}
