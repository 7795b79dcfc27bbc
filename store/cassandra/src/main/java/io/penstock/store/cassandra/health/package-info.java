/** Whether the keyspace keeps what it confirms. */
@NullMarked
package io.penstock.store.cassandra.health;

import org.jspecify.annotations.NullMarked;
