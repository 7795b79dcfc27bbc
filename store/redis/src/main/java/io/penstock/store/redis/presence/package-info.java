/**
 * Who is alive, as records that expire by themselves.
 *
 * <p>Starting points: {@link io.penstock.store.redis.presence.RedisPresence}.
 */
@NullMarked
package io.penstock.store.redis.presence;

import org.jspecify.annotations.NullMarked;
