/**
 * The keyspace and its tables: what they are, how they are made, and which consistency levels its replication asks for.
 *
 * <p>Starting point: {@link io.penstock.store.cassandra.schema.Schema}.
 */
@NullMarked
package io.penstock.store.cassandra.schema;

import org.jspecify.annotations.NullMarked;
