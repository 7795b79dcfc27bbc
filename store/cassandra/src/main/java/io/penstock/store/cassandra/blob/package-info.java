/**
 * Blobs, a partition each.
 *
 * <p>Starting points: {@link io.penstock.store.cassandra.blob.CassandraBlobReader} for servers, {@link
 * io.penstock.store.cassandra.blob.CassandraBlobWriter} for publishers.
 */
@NullMarked
package io.penstock.store.cassandra.blob;

import org.jspecify.annotations.NullMarked;
