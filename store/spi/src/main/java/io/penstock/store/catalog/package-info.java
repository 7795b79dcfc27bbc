/**
 * The catalog: one compare-and-set register a namespace, and everything that may happen to it.
 *
 * <p>Starting points: {@link io.penstock.store.catalog.CatalogTransitions} is the specification,
 * {@link io.penstock.store.catalog.CatalogClient} applies a transition whatever the network does,
 * {@link io.penstock.store.catalog.CatalogRegister} is what a backend implements.
 */
@NullMarked
package io.penstock.store.catalog;

import org.jspecify.annotations.NullMarked;
