/**
 * Immutable blobs: their addresses, the seal that tells a damaged or misplaced one, and how they are read and written.
 *
 * <p>Starting points: {@link io.penstock.store.blob.BlobAddress}, {@link io.penstock.store.blob.BlobReader} for servers,
 * {@link io.penstock.store.blob.BlobWriter} for publishers.
 */
@NullMarked
package io.penstock.store.blob;

import org.jspecify.annotations.NullMarked;
