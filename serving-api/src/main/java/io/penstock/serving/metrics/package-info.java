/**
 * What the server counts, for Prometheus. {@code docs/metrics.md} lists all of it.
 *
 * <p>Starting points: {@link io.penstock.serving.metrics.MetricNames} has every name; {@link
 * io.penstock.serving.metrics.ServingMetrics} is what the read path reports to.
 */
@NullMarked
package io.penstock.serving.metrics;

import org.jspecify.annotations.NullMarked;
