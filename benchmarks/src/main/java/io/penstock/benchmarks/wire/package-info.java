/**
 * The serving API's look-ups as raw bytes, so that neither the baseline nor the driver spends time on protobuf.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.wire.RawMethods} and {@link io.penstock.benchmarks.wire.EventLoops}.
 */
@NullMarked
package io.penstock.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
