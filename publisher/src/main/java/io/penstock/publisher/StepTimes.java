package io.penstock.publisher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** How long each step of a publication took, in the order they began. Not thread-safe. */
final class StepTimes {
    private final Map<String, Long> millisByStep = new LinkedHashMap<>();

    <T> T time(String step, Supplier<T> body) {
        long startedAt = System.nanoTime();
        try {
            return body.get();
        } finally {
            millisByStep.merge(step, (System.nanoTime() - startedAt) / 1_000_000, Long::sum);
        }
    }

    void run(String step, Runnable body) {
        time(step, () -> {
            body.run();
            return 0;
        });
    }

    Map<String, Long> millisByStep() {
        return new LinkedHashMap<>(millisByStep);
    }
}
