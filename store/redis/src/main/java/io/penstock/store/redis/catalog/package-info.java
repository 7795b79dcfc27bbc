/**
 * The one compare-and-set register of a namespace, as one key.
 *
 * <p>Starting points: {@link io.penstock.store.redis.catalog.RedisCatalogRegister}.
 */
@NullMarked
package io.penstock.store.redis.catalog;

import org.jspecify.annotations.NullMarked;
