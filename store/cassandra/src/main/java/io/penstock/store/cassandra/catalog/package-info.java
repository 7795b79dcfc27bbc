/** The catalog, moved by lightweight transactions. */
@NullMarked
package io.penstock.store.cassandra.catalog;

import org.jspecify.annotations.NullMarked;
