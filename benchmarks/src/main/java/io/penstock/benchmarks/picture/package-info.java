/**
 * Results as pictures: PNG files, drawn without a display.
 *
 * <p>Starting points: {@link io.penstock.benchmarks.picture.PercentilePicture} compares distributions, {@link
 * io.penstock.benchmarks.picture.TimelinePicture} shows what an event did to callers, {@link
 * io.penstock.benchmarks.picture.LinePicture} is for the rest.
 */
@NullMarked
package io.penstock.benchmarks.picture;

import org.jspecify.annotations.NullMarked;
