package io.penstock.benchmarks.picture;

/**
 * Something that happened during a run.
 *
 * @param atSeconds since the measured span began
 * @param text a word or two
 */
public record Mark(double atSeconds, String text) {}
