package io.penstock.store.catalog;

import io.penstock.storage.v1.Catalog;

/**
 * One change of a catalog as a pure function, so that it can be applied again to whatever the catalog has become when a
 * compare-and-set loses. Returning something equal to its
 * argument means: nothing to change.
 */
@FunctionalInterface
public interface CatalogTransition {
    Catalog apply(Catalog catalog) throws CatalogRefusedException;
}
