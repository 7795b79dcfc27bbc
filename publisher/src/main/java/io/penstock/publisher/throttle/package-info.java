/**
 * Keeps a publication from taking all of the store's bandwidth.
 *
 * <p>Starting points: {@link io.penstock.publisher.throttle.ThrottledBlobWriter}, {@link
 * io.penstock.publisher.throttle.ByteBudget}.
 */
@NullMarked
package io.penstock.publisher.throttle;

import org.jspecify.annotations.NullMarked;
