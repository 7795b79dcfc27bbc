package io.penstock.contract.evolution;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides whether readers built against earlier contracts of a dataset can read rows written under a later one, and the
 * other way round, because a rollback brings old rows back. The rules are {@link EvolutionRule}'s; whatever they refuse is
 * a new major version, published beside the old one.
 */
public final class ContractEvolution {
    private ContractEvolution() {}

    /** Returns everything that {@code after} breaks for readers of {@code before}; empty when it may be published. */
    public static List<Finding> check(Contract before, Contract after) {
        return check(List.of(before), after);
    }

    /**
     * The same against every contract that was ever published in the major.
     *
     * @param earlier oldest first: a removal has to be announced by the newest one that has what is removed
     */
    public static List<Finding> check(List<Contract> earlier, Contract after) {
        Set<Finding> findings = new LinkedHashSet<>();
        Announcements announcements = Announcements.of(earlier);
        for (Contract before : earlier) {
            findings.addAll(compare(before, after, announcements));
        }
        return List.copyOf(findings);
    }

    private static List<Finding> compare(Contract before, Contract after, Announcements announcements) {
        Findings findings = new Findings(after);
        if (!before.dataset().equals(after.dataset())) {
            findings.add(
                    EvolutionRule.PENSTOCK_SAME_DATASET,
                    after.descriptor(),
                    "is the dataset " + after.dataset() + " and was " + before.dataset());
            return findings.list();
        }
        if (!before.message().equals(after.message())) {
            findings.add(EvolutionRule.PENSTOCK_SAME_MESSAGE, after.descriptor(), "was " + before.message());
        }
        compareKeys(before, after, findings);
        new PromiseComparison(findings).compare(before, after);
        new TypeComparison(findings, announcements).compare(before, after);
        return findings.list();
    }

    private static void compareKeys(Contract before, Contract after, Findings findings) {
        List<String> keyBefore = key(before);
        List<String> keyAfter = key(after);
        if (!keyBefore.equals(keyAfter)) {
            findings.add(
                    EvolutionRule.PENSTOCK_KEY_FROZEN,
                    after.descriptor(),
                    "had the key " + keyBefore + " and has " + keyAfter);
        }
    }

    /** Number and type of each key field; a changed name is another rule's. */
    private static List<String> key(Contract contract) {
        List<String> key = new ArrayList<>();
        for (FieldDescriptor field : contract.keyFields()) {
            key.add(field.getNumber() + ": " + FieldForm.typeName(field));
        }
        return key;
    }
}
