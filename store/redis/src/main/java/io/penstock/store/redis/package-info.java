/** Redis as a store: one server, Sentinel or Cluster. */
@NullMarked
package io.penstock.store.redis;

import org.jspecify.annotations.NullMarked;
