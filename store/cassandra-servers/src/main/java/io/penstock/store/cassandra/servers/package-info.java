/**
 * Real Cassandra processes for tests: the server of a Maven artifact on a JDK that it supports, on free loopback ports, in
 * temporary directories, gone when they are closed or this JVM ends.
 *
 * <p>Starting points: {@link io.penstock.store.cassandra.servers.CassandraServer} is one node, {@link
 * io.penstock.store.cassandra.servers.CassandraCluster} is several.
 */
@NullMarked
package io.penstock.store.cassandra.servers;

import org.jspecify.annotations.NullMarked;
