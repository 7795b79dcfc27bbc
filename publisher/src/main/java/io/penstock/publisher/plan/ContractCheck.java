package io.penstock.publisher.plan;

import io.penstock.contract.Contract;
import io.penstock.contract.ContractEvolution;
import io.penstock.contract.Finding;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.storage.v1.StoredContract;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Whether a contract breaks a reader of any contract ever committed in its major. */
public final class ContractCheck {
    private ContractCheck() {}

    /** Everything that speaks against it, each once, in words; empty if nothing does. */
    public static List<String> findings(History history, Contract contract) {
        Set<String> findings = new LinkedHashSet<>();
        for (StoredContract earlier : history.contracts()) {
            if (!earlier.getDigest().equals(contract.digest())) {
                for (Finding finding : ContractEvolution.check(Contract.of(earlier), contract)) {
                    findings.add(finding.toString());
                }
            }
        }
        return List.copyOf(findings);
    }

    /**
     * Returns if nothing speaks against it.
     *
     * @throws PublisherException {@code REFUSED}, naming everything
     */
    public static void require(History history, Contract contract) {
        List<String> findings = findings(history, contract);
        if (!findings.isEmpty()) {
            throw new PublisherException(
                    Category.REFUSED,
                    "CONTRACT_CHANGED",
                    contract.dataset() + ": the contract breaks readers of an earlier one: "
                            + String.join("; ", findings)
                            + "; undo the change, or publish a new major beside this one");
        }
    }
}
