/**
 * Turns the values of a query's row into the contract's message, strictly: what would lose something is refused. The whole
 * table is in {@code docs/types.md}.
 *
 * <p>Starting points: {@link io.penstock.publisher.convert.RowConverter} for a row, {@link
 * io.penstock.publisher.convert.ScalarConversion} for one value.
 */
@NullMarked
package io.penstock.publisher.convert;

import org.jspecify.annotations.NullMarked;
