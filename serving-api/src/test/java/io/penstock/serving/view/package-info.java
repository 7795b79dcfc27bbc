/** Tests of the serving view. Starting points: {@link io.penstock.serving.view.ServingViewTest}. */
@NullMarked
package io.penstock.serving.view;

import org.jspecify.annotations.NullMarked;
