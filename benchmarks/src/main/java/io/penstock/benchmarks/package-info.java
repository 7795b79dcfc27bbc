/**
 * What every benchmark shares: where it ran and how it fails.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.echo.EchoServer} is the baseline everything is compared with,
 * {@link io.penstock.benchmarks.load.LoadDriver} measures a server, {@link io.penstock.benchmarks.sort.SortMemory} the sort of a
 * publication.
 */
@NullMarked
package io.penstock.benchmarks;

import org.jspecify.annotations.NullMarked;
