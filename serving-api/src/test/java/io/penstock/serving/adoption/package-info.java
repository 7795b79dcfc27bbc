/** Tests of following and adopting. Starting points: {@link io.penstock.serving.adoption.ViewFixture}. */
@NullMarked
package io.penstock.serving.adoption;

import org.jspecify.annotations.NullMarked;
