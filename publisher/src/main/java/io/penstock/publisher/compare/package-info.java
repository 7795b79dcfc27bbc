/**
 * Stored versions against each other: which rows differ between two of them, and when one row changed.
 *
 * <p>Starting points: {@link io.penstock.publisher.compare.VersionComparison}, {@link
 * io.penstock.publisher.compare.RowHistory}.
 */
@NullMarked
package io.penstock.publisher.compare;

import org.jspecify.annotations.NullMarked;
