/**
 * Orders rows by (hash, key) in bounded memory, spilling to disk.
 *
 * <p>Starting points: {@link io.penstock.publisher.sort.RowSorter}, {@link
 * io.penstock.publisher.sort.MergeSorter}.
 */
@NullMarked
package io.penstock.publisher.sort;

import org.jspecify.annotations.NullMarked;
