/**
 * What the tests of this module share.
 *
 * <p>Starting points: {@link io.penstock.serving.testing.StoredVersions} puts versions into a store without a publisher;
 * {@link io.penstock.serving.testing.ManualScheduler} is a thread whose time the test moves.
 */
@NullMarked
package io.penstock.serving.testing;

import org.jspecify.annotations.NullMarked;
