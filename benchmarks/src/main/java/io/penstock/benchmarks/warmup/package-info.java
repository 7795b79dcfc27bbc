/**
 * What the first callers of a fresh server see.
 *
 * <p>Starting point: {@link io.penstock.benchmarks.warmup.WarmupBenchmark}.
 */
@NullMarked
package io.penstock.benchmarks.warmup;

import org.jspecify.annotations.NullMarked;
