/**
 * What is known before anything is written: the versions before, and whether the contract may follow theirs.
 *
 * <p>Starting points: {@link io.penstock.publisher.plan.History}, {@link io.penstock.publisher.plan.ContractCheck}.
 */
@NullMarked
package io.penstock.publisher.plan;

import org.jspecify.annotations.NullMarked;
