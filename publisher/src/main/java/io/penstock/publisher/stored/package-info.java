/**
 * What stands in the store, read strongly and checked.
 *
 * <p>Starting points: {@link io.penstock.publisher.stored.StoredBlobs}.
 */
@NullMarked
package io.penstock.publisher.stored;

import org.jspecify.annotations.NullMarked;
