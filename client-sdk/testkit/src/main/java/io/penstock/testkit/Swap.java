package io.penstock.testkit;

/**
 * What is current of a dataset after a publication or a rollback.
 *
 * @param dataset {@code customer-360.v1}
 * @param version its number, which a {@code Lookup} names too
 * @param revision how often the dataset has moved
 */
public record Swap(String dataset, long version, long revision) {}
