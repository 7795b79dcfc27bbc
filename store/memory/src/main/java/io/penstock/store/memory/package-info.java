/**
 * A store in the heap of one JVM: the executable specification of the store SPI, and the store of tests.
 *
 * <p>Starting points: {@link io.penstock.store.memory.MemoryStore}.
 */
@NullMarked
package io.penstock.store.memory;

import org.jspecify.annotations.NullMarked;
