/** Presence records, which expire by their time to live. */
@NullMarked
package io.penstock.store.cassandra.presence;

import org.jspecify.annotations.NullMarked;
