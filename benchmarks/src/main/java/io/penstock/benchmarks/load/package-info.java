/**
 * Drives a server with look-ups and measures what callers would see.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.load.LoadDriver} runs a {@link
 * io.penstock.benchmarks.load.LoadOptions} and answers with a {@link io.penstock.benchmarks.load.LoadReport}.
 */
@NullMarked
package io.penstock.benchmarks.load;

import org.jspecify.annotations.NullMarked;
