package io.penstock.cli.contract;

import io.penstock.cli.contract.ContractView.EnumValueView;
import io.penstock.cli.contract.ContractView.EnumView;
import io.penstock.cli.contract.ContractView.FieldView;
import io.penstock.cli.contract.ContractView.LifecycleView;
import io.penstock.cli.contract.ContractView.MessageView;
import io.penstock.cli.output.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A contract for a person to read. */
public final class ContractText {
    private static final String NONE = "-";

    private final StringBuilder text = new StringBuilder();

    private ContractText() {}

    public static String of(ContractView contract) {
        ContractText text = new ContractText();
        text.product(contract);
        text.fields(contract.fields());
        for (MessageView message : contract.messages()) {
            text.heading("message " + message.name(), message.description());
            text.fields(message.fields());
        }
        for (EnumView type : contract.enums()) {
            text.heading("enum " + type.name(), type.description());
            text.values(type.values());
        }
        return text.text
                .append("\nSensitivity is stored and shown; nothing enforces it yet.\n")
                .toString();
    }

    private void product(ContractView contract) {
        text.append(contract.dataset()).append(" (").append(contract.message()).append(")\n");
        if (contract.description() != null) {
            text.append(contract.description()).append('\n');
        }
        text.append('\n');
        line("owner", contract.owner());
        line("documentation", contract.documentation());
        line("lifecycle", lifecycle(contract.lifecycle()));
        line("freshness", contract.freshness());
        line("expires after", contract.expiresAfter());
        line("p99", contract.p99());
        line("availability", contract.availability() == null ? null : contract.availability() + " (not measured yet)");
        line("checks", contract.checks().isEmpty() ? null : checks(contract.checks()));
        line("key", String.join(", ", contract.key()));
        line("digest", contract.digest());
        text.append('\n');
    }

    private void line(String name, @Nullable String value) {
        if (value != null) {
            text.append(String.format(Locale.ROOT, "%-15s%s%n", name, value));
        }
    }

    private static String lifecycle(LifecycleView lifecycle) {
        if (lifecycle.endsOn() == null) {
            return "active";
        }
        return "deprecated, may be gone from " + lifecycle.endsOn()
                + (lifecycle.successor() == null ? "" : "; read " + lifecycle.successor() + " instead");
    }

    private void heading(String name, @Nullable String description) {
        text.append('\n').append(name).append('\n');
        if (description != null) {
            text.append(description).append('\n');
        }
    }

    private void fields(List<FieldView> fields) {
        Table table = new Table("FIELD", "NUMBER", "TYPE", "PRESENCE", "UNIT", "SENSITIVITY", "CHECKS", "DESCRIPTION");
        for (FieldView field : fields) {
            table.add(
                    field.name(),
                    String.valueOf(field.number()),
                    field.type(),
                    field.key() ? "key" : field.presence(),
                    field.unit() == null ? NONE : field.unit(),
                    field.sensitivity().toLowerCase(Locale.ROOT),
                    field.checks().isEmpty() ? NONE : checks(field.checks()),
                    description(field.description(), field.deprecated(), field.deprecation()));
        }
        text.append(table);
    }

    private void values(List<EnumValueView> values) {
        Table table = new Table("VALUE", "NUMBER", "DESCRIPTION");
        for (EnumValueView value : values) {
            table.add(
                    value.name(),
                    String.valueOf(value.number()),
                    description(value.description(), value.deprecated(), null));
        }
        text.append(table);
    }

    private static String description(@Nullable String description, boolean deprecated, @Nullable String deprecation) {
        StringJoiner sentence = new StringJoiner(" ");
        if (deprecated) {
            sentence.add(deprecation == null ? "DEPRECATED." : "DEPRECATED: " + deprecation + ".");
        }
        if (description != null) {
            sentence.add(description);
        }
        return sentence.toString();
    }

    /** {@code not_null, min 0}. */
    private static String checks(Map<String, Object> checks) {
        StringJoiner list = new StringJoiner(", ");
        checks.forEach((name, value) -> list.add(Boolean.TRUE.equals(value) ? name : name + " " + value(value)));
        return list.toString();
    }

    private static String value(Object value) {
        return value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.valueOf(number.longValue())
                : String.valueOf(value);
    }
}
