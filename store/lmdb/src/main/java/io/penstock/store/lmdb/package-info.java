/**
 * The embedded store: an LMDB database in a directory, shared by the processes of one machine. Blobs, catalog and
 * presence are keys of its one tree, named as in the design's stored forms; {@code docs/stores/lmdb.md} is for operators.
 *
 * <p>Starting points: {@link io.penstock.store.lmdb.LmdbStore} is the handle, {@link
 * io.penstock.store.lmdb.LmdbEnvironment} what the handles of a process share, {@link
 * io.penstock.store.lmdb.WriteLoop} its one writer, {@link io.penstock.store.lmdb.LmdbBlobReader} the hot path.
 */
@NullMarked
package io.penstock.store.lmdb;

import org.jspecify.annotations.NullMarked;
