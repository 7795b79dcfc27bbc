/**
 * A mobile backend whose first screen needs several products.
 *
 * <p>Starting points: {@link com.example.mobile.HomeReader} reads them in one call, {@link com.example.mobile.HomeService}
 * answers phones.
 */
@NullMarked
package com.example.mobile;

import org.jspecify.annotations.NullMarked;
