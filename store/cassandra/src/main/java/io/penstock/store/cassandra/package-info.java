/** Apache Cassandra as a store. Starting points: {@code CassandraStore}, and docs/stores/cassandra.md for operators. */
@NullMarked
package io.penstock.store.cassandra;

import org.jspecify.annotations.NullMarked;
