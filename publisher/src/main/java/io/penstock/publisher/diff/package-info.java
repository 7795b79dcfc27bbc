/**
 * A new version against the one before: which buckets changed, and how many rows were added, updated and removed.
 *
 * <p>Starting points: {@link io.penstock.publisher.diff.VersionDiff}, {@link io.penstock.publisher.diff.Parent}.
 */
@NullMarked
package io.penstock.publisher.diff;

import org.jspecify.annotations.NullMarked;
