package io.penstock.benchmarks.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures several servers by turns: A, B, A, B … What changes on the machine in the course of it meets all of them, and
 * what differs between the rounds of one is seen beside what differs between them.
 */
public final class Comparison {
    private static final int ROUNDS_MAX = 100;

    private final List<Contender> contenders;
    private final int rounds;

    private Comparison(List<Contender> contenders, int rounds) {
        this.contenders = contenders;
        this.rounds = rounds;
    }

    /** Of servers, the first of which is what the others are compared with. */
    public static Comparison of(List<Contender> contenders, int rounds) {
        if (rounds < 1 || rounds > ROUNDS_MAX) {
            throw new IllegalArgumentException("rounds: " + rounds + " (expected: 1 to " + ROUNDS_MAX + ")");
        }
        if (contenders.stream().map(Contender::name).distinct().count() < contenders.size()) {
            throw new IllegalArgumentException("names: two servers have the same (expected: another for each)");
        }
        return new Comparison(List.copyOf(contenders), rounds);
    }

    /** Blocks until all rounds are over. */
    public ComparisonReport run() throws InterruptedException {
        Map<String, List<LoadReport>> reports = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : contenders) {
                reports.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                        .add(LoadDriver.run(contender.options()));
            }
        }
        return ComparisonReport.of(reports);
    }
}
