/**
 * What a swap costs those who read meanwhile
 *
 * <p>Starting point: {@link io.penstock.benchmarks. a constant load while versions alternate.:swap.SwapBenchmark}.
 */
@NullMarked
package io.penstock.benchmarks.swap;

import org.jspecify.annotations.NullMarked;
