package io.penstock.protoc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.FieldRules;
import io.penstock.contract.v1.Sensitivity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A field of the contract as a constant.
 *
 * @param description what the field holds, as Javadoc; the field's name if the contract does not say
 * @param promises unit and sensitivity, as Javadoc; empty if the contract does not say
 * @param deprecation what to use instead, as Javadoc
 */
record FieldConstant(
        String name, int number, String description, String promises, boolean deprecated, String deprecation) {
    static List<FieldConstant> of(Contract contract) {
        List<FieldConstant> constants = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (FieldDescriptor field : contract.descriptor().getFields()) {
            FieldConstant constant = of(contract, field);
            constants.add(taken.add(constant.name) ? constant : constant.renamed());
        }
        return List.copyOf(constants);
    }

    static FieldConstant of(Contract contract, FieldDescriptor field) {
        FieldRules rules = contract.rules(field);
        String said = Javadoc.text(rules.getDescription().isEmpty() ? contract.comment(field) : rules.getDescription());
        return new FieldConstant(
                JavaNames.constant(field),
                field.getNumber(),
                said.isEmpty() ? "The field {@code " + field.getName() + "}." : said,
                promises(rules),
                field.getOptions().getDeprecated(),
                rules.getDeprecation().isEmpty()
                        ? "The contract deprecates it."
                        : sentence(Javadoc.text(rules.getDeprecation())));
    }

    private static String promises(FieldRules rules) {
        List<String> said = new ArrayList<>();
        if (!rules.getUnit().isEmpty()) {
            said.add("Unit: " + Javadoc.text(rules.getUnit()) + ".");
        }
        if (rules.getSensitivity() != Sensitivity.SENSITIVITY_UNSPECIFIED) {
            String name = rules.getSensitivity().name().substring("SENSITIVITY_".length());
            said.add("Sensitivity: " + name.toLowerCase(Locale.ROOT) + ".");
        }
        return String.join(" ", said);
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }

    private FieldConstant renamed() {
        return new FieldConstant(name + "_" + number, number, description, promises, deprecated, deprecation);
    }
}
