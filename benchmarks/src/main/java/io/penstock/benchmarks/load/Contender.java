package io.penstock.benchmarks.load;

/** One of the servers of a comparison, by the name it has in its report. */
public record Contender(String name, LoadOptions options) {}
