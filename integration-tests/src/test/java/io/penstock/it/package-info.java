/**
 * Tests of the whole system on real components: a real store, real processes, the real wire.
 *
 * <p>Starting points: {@link io.penstock.it.TestData} makes rows whose every value can be checked by itself, {@link
 * io.penstock.it.StoreAudit} reads a store the way another program would.
 */
@NullMarked
package io.penstock.it;

import org.jspecify.annotations.NullMarked;
