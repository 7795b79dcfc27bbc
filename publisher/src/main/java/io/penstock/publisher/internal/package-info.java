/**
 * What several packages of the publisher need and nobody else should.
 *
 * <p>Starting points: {@link io.penstock.publisher.internal.TemporaryDirectory}, {@link
 * io.penstock.publisher.internal.DuckDbErrors}, {@link io.penstock.publisher.internal.RandomIds}.
 */
@NullMarked
package io.penstock.publisher.internal;

import org.jspecify.annotations.NullMarked;
