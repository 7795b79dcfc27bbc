/**
 * Proves, before a commit, that the store holds what was written.
 *
 * <p>Starting points: {@link io.penstock.publisher.verify.ReadBack}, {@link
 * io.penstock.publisher.verify.RowAccounting}.
 */
@NullMarked
package io.penstock.publisher.verify;

import org.jspecify.annotations.NullMarked;
