/**
 * Blobs in Redis: reading on a caller's event loop, writing for publishers.
 *
 * <p>Starting points: {@link io.penstock.store.redis.blob.RedisBlobReader}, {@link
 * io.penstock.store.redis.blob.RedisBlobWriter}.
 */
@NullMarked
package io.penstock.store.redis.blob;

import org.jspecify.annotations.NullMarked;
