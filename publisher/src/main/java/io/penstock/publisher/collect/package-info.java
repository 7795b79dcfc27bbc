/**
 * Deletes blobs that no one needs: what versions beyond retention name and no live one does, and what publications that
 * ended without a commit left.
 *
 * <p>Starting points: {@link io.penstock.publisher.collect.Collector}, {@link
 * io.penstock.publisher.collect.LiveVersions} is what it spares.
 */
@NullMarked
package io.penstock.publisher.collect;

import org.jspecify.annotations.NullMarked;
