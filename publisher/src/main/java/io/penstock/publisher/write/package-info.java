/**
 * Rows in order become buckets, chunks and a manifest in the store.
 *
 * <p>Starting points: {@link io.penstock.publisher.write.BucketStream} makes buckets, {@link
 * io.penstock.publisher.write.VersionSink} is where changed ones go, {@link io.penstock.publisher.write.VersionWriter}
 * writes them.
 */
@NullMarked
package io.penstock.publisher.write;

import org.jspecify.annotations.NullMarked;
