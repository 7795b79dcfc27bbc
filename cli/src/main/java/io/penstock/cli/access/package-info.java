/**
 * How commands reach servers and stores.
 *
 * <p>Starting points: {@link io.penstock.cli.access.ServerOptions} and {@link io.penstock.cli.access.StoreOptions} name
 * them on the command line; {@link io.penstock.cli.access.Catalogs} reads what a store holds.
 */
@NullMarked
package io.penstock.cli.access;

import org.jspecify.annotations.NullMarked;
