package io.penstock.publisher.plan;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.stored.ContractReader;
import io.penstock.publisher.unique.UniqueFields;
import io.penstock.storage.v1.Manifest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an upsert or a delta cannot hold against rows that it keeps and does not read. */
final class KeptRows {
    private KeptRows() {}

    /** A line for each field of which the contract says what may not be true of a kept row; empty as a rule. */
    static List<String> unenforced(@Nullable Manifest parent, Contract contract) {
        List<String> unenforced = new ArrayList<>();
        for (FieldDescriptor field : UniqueFields.of(contract)) {
            unenforced.add(
                    line(
                            contract,
                            field,
                            "unique is enforced in snapshots only (expected: mode snapshot, or a contract that does not say it)"));
        }
        if (parent == null || parent.getContract().getDigest().equals(contract.digest())) {
            return unenforced;
        }
        Contract before = ContractReader.read(parent.getContract());
        for (FieldDescriptor field : contract.descriptor().getFields()) {
            FieldDescriptor old = before.descriptor().findFieldByNumber(field.getNumber());
            FieldRules rules = contract.rules(field);
            boolean holds =
                    old == null ? holdsOfDefault(field, rules) : checks(rules).equals(checks(before.rules(old)));
            if (!holds) {
                unenforced.add(line(
                        contract,
                        field,
                        "its checks are new, and the rows that are kept were not held against them (expected: mode"
                                + " snapshot this time)"));
            }
        }
        return unenforced;
    }

    private static String line(Contract contract, FieldDescriptor field, String what) {
        return contract.location(field) + ": field " + field.getFullName() + ": " + what;
    }

    /** The checks that are held against single rows. */
    private static FieldRules checks(FieldRules rules) {
        FieldRules.Builder checks = FieldRules.newBuilder()
                .setNotNull(rules.getNotNull())
                .setNotBlank(rules.getNotBlank())
                .setPattern(rules.getPattern());
        if (rules.hasMin()) {
            checks.setMin(rules.getMin());
        }
        if (rules.hasMax()) {
            checks.setMax(rules.getMax());
        }
        return checks.build();
    }

    /** Of a field that is new, which kept rows do not have. */
    private static boolean holdsOfDefault(FieldDescriptor field, FieldRules rules) {
        if (field.hasPresence()) {
            return !rules.getNotNull();
        }
        return switch (field.getJavaType()) {
            case STRING -> !rules.getNotBlank() && rules.getPattern().isEmpty();
            case INT, LONG, FLOAT, DOUBLE ->
                (!rules.hasMin() || rules.getMin() <= 0) && (!rules.hasMax() || rules.getMax() >= 0);
            case BOOLEAN, BYTE_STRING, ENUM, MESSAGE -> true;
        };
    }
}
