/**
 * A dataset's slot: taking it, keeping it by a heartbeat, and finding out whether its holder is still alive.
 *
 * <p>Starting points: {@link io.penstock.publisher.slot.SlotTaker}, {@link io.penstock.publisher.slot.Heartbeat}.
 */
@NullMarked
package io.penstock.publisher.slot;

import org.jspecify.annotations.NullMarked;
