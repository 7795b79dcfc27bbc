/**
 * Sessions of the driver: how they are configured, which loops they live on, and what their errors mean.
 *
 * <p>Starting points: {@link io.penstock.store.cassandra.connection.Sessions} opens them, {@link
 * io.penstock.store.cassandra.connection.CassandraConfig} says how to reach a cluster.
 */
@NullMarked
package io.penstock.store.cassandra.connection;

import org.jspecify.annotations.NullMarked;
