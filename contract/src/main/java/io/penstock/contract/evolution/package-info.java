/**
 * Which changes of a contract its readers survive, inside one major version.
 *
 * <p>Starting points: {@link io.penstock.contract.evolution.ContractEvolution} compares a contract with all before it,
 * {@link io.penstock.contract.evolution.EvolutionRule} lists what it looks for.
 */
@NullMarked
package io.penstock.contract.evolution;

import org.jspecify.annotations.NullMarked;
