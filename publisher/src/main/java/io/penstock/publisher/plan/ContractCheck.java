package io.penstock.publisher.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import io.penstock.contract.evolution.ContractEvolution;
import io.penstock.contract.evolution.Finding;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.storage.v1.StoredContract;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a contract can be published: it promises nothing that publications do not enforce, and breaks no reader of any
 * contract ever committed in its major.
 */
public final class ContractCheck {
    private ContractCheck() {}

    /** Everything that speaks against it, each once, in words; empty if nothing does. */
    public static List<String> findings(History history, Contract contract) {
        List<Contract> earlier = new ArrayList<>();
        for (StoredContract stored : history.contracts()) {
            if (!stored.getDigest().equals(contract.digest())) {
                earlier.add(Contract.of(stored));
            }
        }
        List<String> findings = new ArrayList<>(unenforced(contract));
        for (Finding finding : ContractEvolution.check(earlier, contract)) {
            findings.add(finding.toString());
        }
        return List.copyOf(findings);
    }

    /**
     * Returns if nothing speaks against it.
     *
     * @throws PublisherException {@code REFUSED}, naming everything
     */
    public static void require(History history, Contract contract) {
        List<String> unenforced = unenforced(contract);
        if (!unenforced.isEmpty()) {
            throw new PublisherException(
                    Category.REFUSED, "CHECK_NOT_ENFORCED", contract.dataset() + ": " + String.join("; ", unenforced));
        }
        List<String> findings = findings(history, contract);
        if (!findings.isEmpty()) {
            throw new PublisherException(
                    Category.REFUSED,
                    "CONTRACT_CHANGED",
                    contract.dataset() + ": the contract breaks readers of an earlier one: "
                            + String.join("; ", findings)
                            + "; or publish it as a new major version, in a package of its own");
        }
    }

    /**
     * Returns if publications enforce all that the contract says of its rows.
     *
     * @throws PublisherException {@code REFUSED}, naming what they do not
     */
    public static void requireEnforced(Contract contract) {
        List<String> unenforced = unenforced(contract);
        if (!unenforced.isEmpty()) {
            throw new PublisherException(
                    Category.REFUSED, "CHECK_NOT_ENFORCED", contract.dataset() + ": " + String.join("; ", unenforced));
        }
    }

    /** Duplicate keys refuse a publication, so that a sole key field is unique; nothing compares other fields yet. */
    private static List<String> unenforced(Contract contract) {
        List<String> unenforced = new ArrayList<>();
        for (FieldDescriptor field : contract.descriptor().getFields()) {
            boolean soleKey = contract.keyFields().equals(List.of(field));
            if (contract.rules(field).getUnique() && !soleKey) {
                unenforced.add(contract.location(field) + ": field " + field.getFullName()
                        + ": unique is not enforced yet (expected: only on the sole key field; leave it out)");
            }
        }
        return unenforced;
    }
}
