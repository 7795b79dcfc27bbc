/**
 * The real thing under measurement: server, baseline, publisher and Redis, each a process of its own as in production,
 * started from the installed distribution, ended by handle, and named in the conditions of what they measured.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.process.Rig} and {@link io.penstock.benchmarks.process.Load}.
 */
@NullMarked
package io.penstock.benchmarks.process;

import org.jspecify.annotations.NullMarked;
