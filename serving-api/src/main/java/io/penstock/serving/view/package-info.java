/**
 * What a server answers from: an immutable view of every dataset's version, reached with one volatile read. Nothing here
 * talks to a store; {@code io.penstock.serving.adoption} makes views and moves them.
 *
 * <p>Starting points: {@link io.penstock.serving.view.ViewHolder} has the present {@link
 * io.penstock.serving.view.ServingView}; {@link io.penstock.serving.view.DatasetView} is one dataset at one version.
 */
@NullMarked
package io.penstock.serving.view;

import org.jspecify.annotations.NullMarked;
