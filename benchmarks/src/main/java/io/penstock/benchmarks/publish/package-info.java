/**
 * How fast versions are published, whole and in part, and what readers feel of it.
 *
 * <p>Starting point: {@link io.penstock.benchmarks.publish.FullPublishBenchmark}.
 */
@NullMarked
package io.penstock.benchmarks.publish;

import org.jspecify.annotations.NullMarked;
