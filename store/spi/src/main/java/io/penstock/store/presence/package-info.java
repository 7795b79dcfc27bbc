/**
 * Who is alive, and what must not be deleted under them.
 *
 * <p>Starting points: {@link io.penstock.store.presence.Presence} is what a backend implements,
 * {@link io.penstock.store.presence.PresenceBeat} keeps one record alive.
 */
@NullMarked
package io.penstock.store.presence;

import org.jspecify.annotations.NullMarked;
