/**
 * Wrong input for parsers.
 *
 * <p>Starting points: {@link io.penstock.store.testkit.fuzz.Fuzz}.
 */
@NullMarked
package io.penstock.store.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
