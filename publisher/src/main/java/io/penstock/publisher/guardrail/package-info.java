/**
 * The checks a version must pass before readers see it; they fail closed, and letting one fail is named and audited.
 *
 * <p>Starting points: {@link io.penstock.publisher.guardrail.GuardrailChecks}, {@link
 * io.penstock.publisher.guardrail.Check}, {@link io.penstock.publisher.guardrail.CheckRun},
 * {@link io.penstock.publisher.guardrail.Guardrails}.
 */
@NullMarked
package io.penstock.publisher.guardrail;

import org.jspecify.annotations.NullMarked;
