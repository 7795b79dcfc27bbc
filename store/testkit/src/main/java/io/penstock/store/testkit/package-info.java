/**
 * What proves a store: a conformance test every backend passes, faults under a test's control, and an event loop that
 * tests can step.
 *
 * <p>Starting points: {@link io.penstock.store.testkit.StoreConformanceTest} for backends,
 * {@link io.penstock.store.testkit.FaultyStore} and {@link io.penstock.store.testkit.Faults} for those who use stores,
 * {@link io.penstock.store.testkit.TestEventLoop} for readers.
 */
@NullMarked
package io.penstock.store.testkit;

import org.jspecify.annotations.NullMarked;
