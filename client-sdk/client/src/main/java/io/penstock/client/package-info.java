/**
 * Reads data products over gRPC. Every answer says which version it is from, an absent key is an answer, and whatever
 * could not be answered is an exception or a failed row, never an absence.
 *
 * <p>Starting points: {@link io.penstock.client.PenstockClient} connects, {@link io.penstock.client.DatasetReader} lists
 * the reads, {@link io.penstock.client.Session} never goes back in time, {@link io.penstock.client.DatasetBinding} is
 * what generated clients are made of.
 */
@NullMarked
package io.penstock.client;

import org.jspecify.annotations.NullMarked;
