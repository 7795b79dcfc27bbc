/**
 * What a measurement is: targets that are ratios against a baseline of the same run, rounds that alternate between the two,
 * and a verdict that can be {@code MISSED} or {@code INVALID}.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.measure.Measurement} and {@link
 * io.penstock.benchmarks.measure.Target}.
 */
@NullMarked
package io.penstock.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
