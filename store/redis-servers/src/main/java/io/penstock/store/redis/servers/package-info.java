/**
 * Real Redis processes for tests and benchmarks: the {@code redis-server} of this machine or the one inside a Maven
 * artifact, on free loopback ports, in temporary directories, gone when they are closed or this JVM ends.
 *
 * <p>Starting points: {@link io.penstock.store.redis.servers.RedisServer} is one process;
 * {@link io.penstock.store.redis.servers.RedisReplication}, {@link io.penstock.store.redis.servers.RedisSentinels} and
 * {@link io.penstock.store.redis.servers.RedisCluster} are several.
 */
@NullMarked
package io.penstock.store.redis.servers;

import org.jspecify.annotations.NullMarked;
