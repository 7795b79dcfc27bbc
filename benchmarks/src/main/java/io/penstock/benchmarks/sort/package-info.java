/**
 * Measures what sorting the rows of a publication takes of the machine's memory.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.sort.SortMemory}.
 */
@NullMarked
package io.penstock.benchmarks.sort;

import org.jspecify.annotations.NullMarked;
