/**
 * What the whole system does when something breaks: a real Redis killed, frozen, slowed down, filled, failed over, or
 * robbed of data under load, with every answer checked by itself. {@code docs/reliability.md} lists the faults.
 *
 * <p>Times are judged twice: generously in a build, which may share its machine with others, and as they are promised
 * with {@code -Dpenstock.strict=true}. What was measured is printed either way.
 *
 * <p>Starting points: {@link io.penstock.it.faults.PublishedData} is what is served, {@link
 * io.penstock.it.faults.Served} a server of it, {@link io.penstock.it.faults.Readers} who asks it.
 */
@NullMarked
package io.penstock.it.faults;

import org.jspecify.annotations.NullMarked;
