package io.penstock.testkit;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The contracts a test registered. A row may be of another state of a registered contract, as when a test plays a minor
 * change through: its own descriptor counts. Confined to the kit's lock.
 */
final class Contracts {
    private final Map<String, Contract> registered = new LinkedHashMap<>();
    private final Map<Descriptor, Contract> byDescriptor = new HashMap<>();

    Contracts(Collection<Descriptor> descriptors) {
        for (Descriptor descriptor : descriptors) {
            Contract contract = contract(descriptor);
            if (registered.put(descriptor.getFullName(), contract) != null) {
                throw new KitException(
                        KitException.Code.INVALID_CONTRACT,
                        "contract: " + descriptor.getFullName() + " is registered twice (expected: once)");
            }
        }
    }

    private Contract contract(Descriptor descriptor) {
        return byDescriptor.computeIfAbsent(descriptor, of -> {
            try {
                return Contract.of(of);
            } catch (ContractException e) {
                throw new KitException(
                        KitException.Code.INVALID_CONTRACT,
                        "contract: " + of.getFullName() + " is no contract: " + e.getMessage(),
                        e);
            }
        });
    }

    /** The one contract some rows are of. */
    Contract of(Collection<? extends Message> rows, String method) {
        Map<Contract, List<Message>> grouped = group(rows);
        if (grouped.isEmpty()) {
            throw new KitException(
                    KitException.Code.WRONG_ROWS,
                    method + ": no rows (expected: at least one; clear(dataset) publishes an empty version)");
        }
        if (grouped.size() > 1) {
            throw new KitException(
                    KitException.Code.WRONG_ROWS,
                    method + ": rows of "
                            + grouped.keySet().stream().map(Contract::dataset).toList()
                            + " (expected: of one dataset; publishTogether takes several)");
        }
        return grouped.keySet().iterator().next();
    }

    /** Rows by contract, in the order given. */
    Map<Contract, List<Message>> group(Collection<? extends Message> rows) {
        Map<Contract, List<Message>> grouped = new LinkedHashMap<>();
        for (Message row : rows) {
            grouped.computeIfAbsent(of(row), unused -> new ArrayList<>()).add(row);
        }
        return grouped;
    }

    Contract of(Message row) {
        Descriptor descriptor = row.getDescriptorForType();
        if (!registered.containsKey(descriptor.getFullName())) {
            throw new KitException(
                    KitException.Code.NOT_REGISTERED,
                    "row: a " + descriptor.getFullName() + ", whose contract is not registered (expected: one of "
                            + registered.keySet() + "; add .contract("
                            + descriptor.getName() + ".getDescriptor()) to the builder)");
        }
        return contract(descriptor);
    }

    /** The registered contract of a dataset. */
    Contract ofDataset(String dataset) {
        for (Contract contract : registered.values()) {
            if (contract.dataset().equals(dataset)) {
                return contract;
            }
        }
        throw new KitException(
                KitException.Code.NOT_REGISTERED,
                "dataset: " + dataset + " (expected: one of "
                        + registered.values().stream().map(Contract::dataset).toList() + ")");
    }
}
