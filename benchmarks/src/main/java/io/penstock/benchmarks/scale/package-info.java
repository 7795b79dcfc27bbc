/**
 * Whether a look-up costs the same however many rows there are.
 *
 * <p>Starting point: {@link io.penstock.benchmarks.scale.ScaleBenchmark}.
 */
@NullMarked
package io.penstock.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
