/**
 * Microbenchmarks of what a lookup is made of. They are not part of the build's verification; each says how it is run.
 *
 * <p>Starting point: {@link io.penstock.benchmarks.jmh.CachedGetBenchmark}.
 */
@NullMarked
package io.penstock.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
