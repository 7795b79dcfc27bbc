/**
 * What the publisher's tests share: rows and contracts made in the heap, a namespace to publish to, and a reader that
 * believes nothing.
 *
 * <p>Starting points: {@link io.penstock.publisher.testing.TestNamespace}.
 */
@NullMarked
package io.penstock.publisher.testing;

import org.jspecify.annotations.NullMarked;
