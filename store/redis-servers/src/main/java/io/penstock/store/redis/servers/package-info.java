/** Real Redis processes for tests and benchmarks. */
@NullMarked
package io.penstock.store.redis.servers;

import org.jspecify.annotations.NullMarked;
