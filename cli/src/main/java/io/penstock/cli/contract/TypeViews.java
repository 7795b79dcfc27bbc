package io.penstock.cli.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import io.penstock.cli.contract.ContractView.EnumValueView;
import io.penstock.cli.contract.ContractView.EnumView;
import io.penstock.cli.contract.ContractView.FieldView;
import io.penstock.cli.contract.ContractView.MessageView;
import io.penstock.contract.Contract;
import io.penstock.contract.evolution.ReachedTypes;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.FieldRules;
import io.penstock.contract.v1.Sensitivity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The messages and enums that rows of a contract hold, as they are shown. protobuf's own types are known to everybody. */
record TypeViews(Contract contract, ReachedTypes reached) {
    private static final String WELL_KNOWN = "google.protobuf.";
    private static final List<FieldDescriptor> CHECKS =
            List.of("not_null", "not_blank", "unique", "min", "max", "pattern").stream()
                    .map(name -> FieldRules.getDescriptor().findFieldByName(name))
                    .toList();

    static TypeViews of(Contract contract) {
        return new TypeViews(contract, ReachedTypes.from(contract.descriptor()));
    }

    List<MessageView> messages() {
        List<MessageView> messages = new ArrayList<>();
        for (Descriptor message : reached.messages()) {
            boolean shown = message != contract.descriptor()
                    && !message.getOptions().getMapEntry()
                    && !message.getFullName().startsWith(WELL_KNOWN);
            if (shown) {
                messages.add(new MessageView(message.getFullName(), comment(message), fields(message)));
            }
        }
        return messages;
    }

    List<EnumView> enums() {
        List<EnumView> enums = new ArrayList<>();
        for (EnumDescriptor type : reached.enums()) {
            List<EnumValueView> values = new ArrayList<>();
            for (EnumValueDescriptor value : type.getValues()) {
                values.add(new EnumValueView(
                        value.getName(),
                        value.getNumber(),
                        comment(value),
                        value.getOptions().getDeprecated()));
            }
            if (!type.getFullName().startsWith(WELL_KNOWN)) {
                enums.add(new EnumView(type.getFullName(), comment(type), values));
            }
        }
        return enums;
    }

    List<FieldView> fields(Descriptor message) {
        List<FieldView> fields = new ArrayList<>();
        for (FieldDescriptor field : message.getFields()) {
            FieldRules rules = field.getOptions().getExtension(ContractProto.field);
            String description = rules.getDescription().isBlank() ? comment(field) : Said.text(rules.getDescription());
            fields.add(new FieldView(
                    field.getName(),
                    field.getNumber(),
                    type(field),
                    presence(field),
                    rules.getKey(),
                    Said.orNull(rules.getUnit()),
                    sensitivity(rules.getSensitivity()),
                    Said.options(rules, CHECKS),
                    description,
                    field.getOptions().getDeprecated(),
                    Said.orNull(rules.getDeprecation())));
        }
        return fields;
    }

    private static String type(FieldDescriptor field) {
        if (field.isMapField()) {
            List<FieldDescriptor> entry = field.getMessageType().getFields();
            return "map<" + type(entry.get(0)) + ", " + type(entry.get(1)) + ">";
        }
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
                field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String presence(FieldDescriptor field) {
        if (field.isMapField()) {
            return "map";
        }
        if (field.isRepeated()) {
            return "repeated";
        }
        if (field.getRealContainingOneof() != null) {
            return "oneof " + field.getRealContainingOneof().getName();
        }
        return field.hasPresence() ? "optional" : "plain";
    }

    private static String sensitivity(Sensitivity sensitivity) {
        return sensitivity == Sensitivity.SENSITIVITY_UNSPECIFIED
                ? "INTERNAL"
                : sensitivity.name().replace("SENSITIVITY_", "");
    }

    private @Nullable String comment(GenericDescriptor element) {
        return Said.orNull(contract.comment(element));
    }
}
