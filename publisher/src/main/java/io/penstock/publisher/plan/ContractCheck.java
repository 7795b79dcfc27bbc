package io.penstock.publisher.plan;

import io.penstock.contract.Contract;
import io.penstock.contract.evolution.ContractEvolution;
import io.penstock.contract.evolution.Finding;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.stored.ContractReader;
import io.penstock.storage.v1.StoredContract;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a contract can be published: it promises nothing that publications do not enforce, and breaks no reader of any
 * contract ever committed in its major.
 */
public final class ContractCheck {
    private ContractCheck() {}

    /**
     * Everything that speaks against it, each once, in words; empty if nothing does.
     *
     * @param seesAllValues whether all rows of the version pass by, so that checks hold of every one
     */
    public static List<String> findings(History history, Contract contract, boolean seesAllValues) {
        List<String> findings = new ArrayList<>(unenforced(history, contract, seesAllValues));
        findings.addAll(changes(history, contract));
        return List.copyOf(findings);
    }

    /**
     * Returns if nothing speaks against it.
     *
     * @param seesAllValues whether all rows of the version pass by, so that checks hold of every one
     * @throws PublisherException {@code REFUSED}, naming everything
     */
    public static void require(History history, Contract contract, boolean seesAllValues) {
        List<String> unenforced = unenforced(history, contract, seesAllValues);
        if (!unenforced.isEmpty()) {
            throw new PublisherException(
                    Category.REFUSED, "CHECK_NOT_ENFORCED", contract.dataset() + ": " + String.join("; ", unenforced));
        }
        List<String> changes = changes(history, contract);
        if (!changes.isEmpty()) {
            throw new PublisherException(
                    Category.REFUSED,
                    "CONTRACT_CHANGED",
                    contract.dataset() + ": the contract breaks readers of an earlier one: "
                            + String.join("; ", changes)
                            + "; or publish it as a new major version, in a package of its own");
        }
    }

    private static List<String> changes(History history, Contract contract) {
        List<Contract> earlier = new ArrayList<>();
        for (StoredContract stored : history.contracts()) {
            if (!stored.getDigest().equals(contract.digest())) {
                earlier.add(ContractReader.read(stored));
            }
        }
        return ContractEvolution.check(earlier, contract).stream()
                .map(Finding::toString)
                .toList();
    }

    private static List<String> unenforced(History history, Contract contract, boolean seesAllValues) {
        return seesAllValues ? List.of() : KeptRows.unenforced(history.parent().manifest(), contract);
    }
}
