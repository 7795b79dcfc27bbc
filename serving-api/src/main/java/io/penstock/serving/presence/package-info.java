/**
 * What a server says about itself, so that nothing is deleted under it and publishers see who has adopted.
 *
 * <p>Starting points: {@link io.penstock.serving.presence.PresenceReport} is one namespace's record.
 */
@NullMarked
package io.penstock.serving.presence;

import org.jspecify.annotations.NullMarked;
