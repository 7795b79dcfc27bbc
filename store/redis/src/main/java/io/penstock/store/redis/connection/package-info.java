/**
 * Connections to Redis servers and the map of which server has which key.
 *
 * <p>Starting points: {@link io.penstock.store.redis.connection.RedisConnections} for everything that is not on a caller's
 * event loop, {@link io.penstock.store.redis.connection.NodeLinks} for one loop's connections, {@link
 * io.penstock.store.redis.connection.NodeLink} for one connection.
 */
@NullMarked
package io.penstock.store.redis.connection;

import org.jspecify.annotations.NullMarked;
