/**
 * The server: answers look-ups of the current versions of a store over gRPC.
 *
 * <p>Starting points: {@link io.penstock.serving.ServingServer} starts and drains one;
 * {@link io.penstock.serving.config.ServingConfig} is all it can be told.
 */
@NullMarked
package io.penstock.serving;

import org.jspecify.annotations.NullMarked;
