/**
 * The baseline: what grpc-java alone can answer on this machine.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.echo.EchoServer}.
 */
@NullMarked
package io.penstock.benchmarks.echo;

import org.jspecify.annotations.NullMarked;
