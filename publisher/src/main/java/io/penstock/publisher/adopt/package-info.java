/**
 * Waits until servers serve what was committed.
 *
 * <p>Starting points: {@link io.penstock.publisher.adopt.AdoptionWatch}.
 */
@NullMarked
package io.penstock.publisher.adopt;

import org.jspecify.annotations.NullMarked;
