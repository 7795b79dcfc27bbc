/**
 * The demo: a small TPC-H warehouse, and the tour through everything Penstock does with it.
 *
 * <p>Starting points: {@link io.penstock.cli.demo.Demo} is the tour, {@link
 * io.penstock.cli.demo.TpchWarehouse} makes and changes the data.
 */
@NullMarked
package io.penstock.cli.demo;

import org.jspecify.annotations.NullMarked;
