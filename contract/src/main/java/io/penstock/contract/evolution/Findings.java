package io.penstock.contract.evolution;

import com.google.protobuf.Descriptors.GenericDescriptor;
import io.penstock.contract.Contract;
import io.penstock.contract.SourceLocation;
import java.util.ArrayList;
import java.util.List;

/** Collects what speaks against one contract. */
final class Findings {
    private final Contract after;
    private final List<Finding> list = new ArrayList<>();

    Findings(Contract after) {
        this.after = after;
    }

    /**
     * Adds a finding about an element of the later contract.
     *
     * @param part the path below the element to what is wrong about it
     */
    void add(EvolutionRule rule, GenericDescriptor element, String change, int... part) {
        addAt(after.location(element, part), rule, element.getFullName(), change);
    }

    /** Adds a finding about an element that is gone, at the one it is gone from. */
    void addGone(EvolutionRule rule, GenericDescriptor from, String element, String change) {
        addAt(after.location(from), rule, element, change);
    }

    private void addAt(SourceLocation location, EvolutionRule rule, String element, String change) {
        list.add(new Finding(rule, location, element, change));
    }

    List<Finding> list() {
        return List.copyOf(list);
    }
}
