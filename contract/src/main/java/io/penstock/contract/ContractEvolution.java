package io.penstock.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Finding.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides whether readers built against one contract can read rows written under another of the same dataset.
 *
 * <p>What passes: the same contract; added fields, messages and values of open enums, at any depth; changed comments,
 * descriptions, owners, sensitivities and options of others; promises that became stronger. Everything else is a new
 * major version, published beside the old one. Type changes that happen to be compatible on the wire are refused, too.
 */
public final class ContractEvolution {
    static final String NEW_MAJOR = "publish it as a new major version, in a package of its own";

    private ContractEvolution() {}

    /** Returns everything that {@code after} breaks for readers of {@code before}; empty when it may be published. */
    public static List<Finding> check(Contract before, Contract after) {
        List<Finding> findings = new ArrayList<>();
        if (!before.dataset().equals(after.dataset())) {
            findings.add(new Finding(
                    Rule.DATASET_CHANGED,
                    before.message(),
                    "was dataset " + before.dataset() + " and is " + after.dataset(),
                    "compare contracts of one dataset"));
            return List.copyOf(findings);
        }
        if (!before.message().equals(after.message())) {
            findings.add(new Finding(
                    Rule.MESSAGE_CHANGED,
                    before.message(),
                    "became " + after.message(),
                    "keep the message's name; " + NEW_MAJOR + " if it is another one"));
        }
        compareKeys(before, after, findings);
        PromiseComparison.compare(before, after, findings);
        new TypeComparison(findings).compare(before.descriptor(), after.descriptor());
        return List.copyOf(findings);
    }

    private static void compareKeys(Contract before, Contract after, List<Finding> findings) {
        List<Integer> numbersBefore = numbers(before);
        List<Integer> numbersAfter = numbers(after);
        if (!numbersBefore.equals(numbersAfter)) {
            findings.add(new Finding(
                    Rule.KEY_CHANGED,
                    before.message(),
                    "the key was made of the fields " + numbersBefore + " and is made of " + numbersAfter,
                    "keep the key; " + NEW_MAJOR));
        }
    }

    private static List<Integer> numbers(Contract contract) {
        return contract.keyFields().stream().map(FieldDescriptor::getNumber).toList();
    }
}
