/**
 * The hot read path: request bytes in, response bytes or a failure out, on one event loop and without a class of the
 * transport that carries it. {@code docs/read-path.md} describes its steps.
 *
 * <p>Starting points: {@link io.penstock.serving.read.ReadPath} is what a transport calls, {@link
 * io.penstock.serving.read.ReadPaths} opens one for each loop, {@link io.penstock.serving.read.ReadFailures} says what
 * every failure means.
 */
@NullMarked
package io.penstock.serving.read;

import org.jspecify.annotations.NullMarked;
