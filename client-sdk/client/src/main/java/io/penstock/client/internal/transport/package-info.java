/**
 * How the client reaches servers: their addresses, which of them a call goes to, and what gRPC is told about retries,
 * health and keep-alive. Not for callers.
 *
 * <p>Starting points: {@link io.penstock.client.internal.transport.Channels} opens a channel, {@link
 * io.penstock.client.internal.transport.Route} sends a read's second attempt to another server than its first.
 */
@NullMarked
package io.penstock.client.internal.transport;

import org.jspecify.annotations.NullMarked;
