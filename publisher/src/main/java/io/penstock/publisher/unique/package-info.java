/**
 * The contract's {@code unique}: no two rows of a version with the same value of a field.
 *
 * <p>Starting points: {@link io.penstock.publisher.unique.UniqueValues}.
 */
@NullMarked
package io.penstock.publisher.unique;

import org.jspecify.annotations.NullMarked;
