/**
 * What is counted of a version's rows, field by field, for guardrails to compare.
 *
 * <p>Starting points: {@link io.penstock.publisher.profile.RowProfiler}.
 */
@NullMarked
package io.penstock.publisher.profile;

import org.jspecify.annotations.NullMarked;
