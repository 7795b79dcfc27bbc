/**
 * Whether a Redis may be trusted with data: its policy, its room, and whether what was written would survive.
 *
 * <p>Starting points: {@link io.penstock.store.redis.health.RedisHealth} looks at the servers' settings and memory,
 * {@link io.penstock.store.redis.health.PrimariesBarrier} at what became of a writer's writes.
 */
@NullMarked
package io.penstock.store.redis.health;

import org.jspecify.annotations.NullMarked;
