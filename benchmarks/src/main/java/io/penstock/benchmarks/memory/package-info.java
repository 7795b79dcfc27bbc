/**
 * What a row costs in Redis, and a bucket in a server.
 *
 * <p>Starting point: {@link io.penstock.benchmarks.memory.RedisMemoryBenchmark}.
 */
@NullMarked
package io.penstock.benchmarks.memory;

import org.jspecify.annotations.NullMarked;
