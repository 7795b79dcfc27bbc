/**
 * How keys become buckets and buckets become bytes: the layout, the bucket and chunk codecs. Pure; no I/O.
 *
 * <p>Starting points: {@link io.penstock.store.layout.BucketLayout}, {@link io.penstock.store.layout.BucketScanner} on
 * the read path, {@link io.penstock.store.layout.BucketEncoder} on the publish path.
 */
@NullMarked
package io.penstock.store.layout;

import org.jspecify.annotations.NullMarked;
