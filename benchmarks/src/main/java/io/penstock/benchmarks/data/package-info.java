/**
 * Rows made up for benchmarks: as many as wished, as large as wished, random so that nothing compresses, and each a
 * function of its key and the version, so that whoever reads one can tell whether it is right.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.data.SyntheticData} and {@link
 * io.penstock.benchmarks.data.SyntheticPublisher}.
 */
@NullMarked
package io.penstock.benchmarks.data;

import org.jspecify.annotations.NullMarked;
