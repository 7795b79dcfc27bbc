/**
 * Contracts as the command line finds and shows them.
 *
 * <p>Starting points: {@link io.penstock.cli.contract.ContractFiles} takes them from files, {@link
 * io.penstock.cli.contract.StoredContracts} from stores; {@link io.penstock.cli.contract.ContractView} is what is shown.
 */
@NullMarked
package io.penstock.cli.contract;

import org.jspecify.annotations.NullMarked;
