/**
 * The client's meters, for Micrometer. Nothing else of the client needs Micrometer, and the client does not bring it.
 *
 * <p>Starting point: {@link io.penstock.client.micrometer.ClientMeters}.
 */
@NullMarked
package io.penstock.client.micrometer;

import org.jspecify.annotations.NullMarked;
