/**
 * How the serving view moves: catalogs are followed, versions loaded under a hazard pointer, and datasets that moved
 * together flipped together, all on one thread called {@code penstock-view}, on which nothing blocks.
 *
 * <p>Starting points: {@link io.penstock.serving.adoption.ServingViews} starts it; {@code CatalogFollower} decides what a
 * server believes, {@code Adoption} is one attempt to go where the catalog is.
 */
@NullMarked
package io.penstock.serving.adoption;

import org.jspecify.annotations.NullMarked;
