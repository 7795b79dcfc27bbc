/**
 * The project's performance goals, each measured against its baseline in the same run, and the table that says which of
 * them are reached.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.goals.Goals} and {@link io.penstock.benchmarks.goals.GoalsReport}.
 */
@NullMarked
package io.penstock.benchmarks.goals;

import org.jspecify.annotations.NullMarked;
