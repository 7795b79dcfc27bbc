/**
 * The plain HTTP port for machines that watch the server and the person on call: metrics, health, datasets. It has no
 * rows, keys or values.
 *
 * <p>Starting points: {@link io.penstock.serving.http.HttpEndpoint}.
 */
@NullMarked
package io.penstock.serving.http;

import org.jspecify.annotations.NullMarked;
