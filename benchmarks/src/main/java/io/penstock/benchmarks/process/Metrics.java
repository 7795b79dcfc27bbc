package io.penstock.benchmarks.process;

import java.util.HashMap;
import java.util.Map;

/** A server's metrics at one moment, summed over their labels. */
public record Metrics(Map<String, Double> sums) {
    static Metrics parse(String page) {
        Map<String, Double> sums = new HashMap<>();
        page.lines().filter(line -> !line.startsWith("#") && !line.isBlank()).forEach(line -> {
            int nameEnd = line.indexOf('{') >= 0 ? line.indexOf('{') : line.indexOf(' ');
            int valueStart = line.indexOf('}') >= 0 ? line.lastIndexOf('}') + 1 : nameEnd;
            String value = line.substring(valueStart).strip();
            sums.merge(line.substring(0, nameEnd), Double.parseDouble(value.split(" ", 2)[0]), Double::sum);
        });
        return new Metrics(sums);
    }

    /** The metric summed over its labels; 0 if there is none yet. */
    public double sum(String metric) {
        return sums.getOrDefault(metric, 0.0);
    }

    /** Keys the near cache answered since another moment, as a share of those it was asked for; NaN if none. */
    public double hitRatioSince(Metrics before) {
        double hits = sum("penstock_cache_hits_total") - before.sum("penstock_cache_hits_total");
        double misses = sum("penstock_cache_misses_total") - before.sum("penstock_cache_misses_total");
        return hits / (hits + misses);
    }
}
