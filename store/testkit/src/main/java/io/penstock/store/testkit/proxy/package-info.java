/**
 * A bad network between a client and one server, under a test's control.
 *
 * <p>Starting points: {@link io.penstock.store.testkit.proxy.FaultProxy}.
 */
@NullMarked
package io.penstock.store.testkit.proxy;

import org.jspecify.annotations.NullMarked;
