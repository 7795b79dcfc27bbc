/**
 * gRPC on the wire without a library: neither the baseline nor the driver may spend time on what is not measured.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.wire.CallConnection} makes calls, {@link io.penstock.benchmarks.wire.RawMethods} answers them.
 */
@NullMarked
package io.penstock.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
