/**
 * The near cache: rows and absences of any version, each good for as long as the view names its bucket's generation, so
 * that nobody ever has to invalidate one.
 *
 * <p>Starting point: {@link io.penstock.serving.read.cache.NearCache}.
 */
@NullMarked
package io.penstock.serving.read.cache;

import org.jspecify.annotations.NullMarked;
