/**
 * Keys that must be gone for good: out of what is served, out of every version kept, and out of every publication to come.
 *
 * <p>Starting points: {@link io.penstock.publisher.erase.ErasedKeys}.
 */
@NullMarked
package io.penstock.publisher.erase;

import org.jspecify.annotations.NullMarked;
