/**
 * The gRPC transport: look-ups stay on the event loop their connection lives on, everything else leaves it.
 *
 * <p>Starting points: {@link io.penstock.serving.grpc.GrpcEndpoint} is the listening server; {@link
 * io.penstock.serving.grpc.Lookups} carries {@code Get} and {@code BatchGet}; {@link
 * io.penstock.serving.grpc.Failures} makes a status of whatever went wrong.
 */
@NullMarked
package io.penstock.serving.grpc;

import org.jspecify.annotations.NullMarked;
