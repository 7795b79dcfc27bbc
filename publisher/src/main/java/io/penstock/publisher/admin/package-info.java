/**
 * What an operator does to a dataset beside publishing it.
 *
 * <p>Starting points: {@link io.penstock.publisher.admin.CatalogAdmin}.
 */
@NullMarked
package io.penstock.publisher.admin;

import org.jspecify.annotations.NullMarked;
