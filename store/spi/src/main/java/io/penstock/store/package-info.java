/**
 * What Penstock asks of a store: immutable blobs, one compare-and-set register a namespace, and records that expire.
 *
 * <p>Starting points: {@link io.penstock.store.Stores} opens a store by URL, {@link io.penstock.store.Store} is what a
 * backend implements, {@link io.penstock.store.catalog.CatalogTransitions} is what may happen to a catalog.
 */
@NullMarked
package io.penstock.store;

import org.jspecify.annotations.NullMarked;
