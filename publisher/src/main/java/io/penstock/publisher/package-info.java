/**
 * Turns a query's result into a committed version: plan, begin, read, diff, write, verify, commit, await adoption,
 * collect.
 *
 * <p>Starting points: {@link io.penstock.publisher.Publisher} is the API, {@link io.penstock.publisher.Publication} what
 * it takes, {@link io.penstock.publisher.RowSource} where rows come from, {@link io.penstock.publisher.PublisherException}
 * every way it can end badly. {@link io.penstock.publisher.Step} names the points of a publication.
 */
@NullMarked
package io.penstock.publisher;

import org.jspecify.annotations.NullMarked;
