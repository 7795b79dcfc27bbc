/**
 * Carries the caller's OpenTelemetry context to the server. Nothing else of the client needs OpenTelemetry, and the client
 * does not bring it.
 *
 * <p>Starting point: {@link io.penstock.client.opentelemetry.TraceHeaders}.
 */
@NullMarked
package io.penstock.client.opentelemetry;

import org.jspecify.annotations.NullMarked;
