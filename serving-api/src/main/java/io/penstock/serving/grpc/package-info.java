/**
 * The transport: look-ups stay on the event loop their connection lives on, everything else is gRPC's and leaves it.
 *
 * <p>Starting points: {@link io.penstock.serving.grpc.GrpcEndpoint} is the listening server; {@link
 * io.penstock.serving.grpc.LookupFrames} takes {@code Get} and {@code BatchGet} out of a connection's frames; {@link
 * io.penstock.serving.grpc.Failures} makes a status of whatever went wrong.
 */
@NullMarked
package io.penstock.serving.grpc;

import org.jspecify.annotations.NullMarked;
