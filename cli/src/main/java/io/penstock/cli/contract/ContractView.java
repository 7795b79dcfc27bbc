package io.penstock.cli.contract;

import io.penstock.contract.Contract;
import io.penstock.contract.v1.Checks;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.Lifecycle;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A contract as it is shown, and as {@code --json} prints it. What is not said is null.
 *
 * @param message the full name of the message
 * @param key the names of the key fields in order
 * @param checks what every version has to hold as a whole
 * @param digest SHA-256 of the descriptor set, in hexadecimal
 * @param fields the fields of the contract itself
 * @param messages the other messages its rows can hold
 * @param enums the enums its rows can hold
 */
public record ContractView(
        String dataset,
        String message,
        String owner,
        @Nullable String description,
        @Nullable String documentation,
        LifecycleView lifecycle,
        @Nullable String freshness,
        @Nullable String expiresAfter,
        @Nullable String p99,
        @Nullable String availability,
        Map<String, Object> checks,
        List<String> key,
        String digest,
        List<FieldView> fields,
        List<MessageView> messages,
        List<EnumView> enums) {

    /**
     * Whether the product stays.
     *
     * @param stage {@code ACTIVE} or {@code DEPRECATED}
     * @param endsOn the first day it may be gone
     * @param successor the dataset to read instead
     */
    public record LifecycleView(
            String stage, @Nullable String endsOn, @Nullable String successor) {}

    /**
     * One field.
     *
     * @param presence {@code plain}, {@code optional}, {@code repeated}, {@code map} or {@code oneof NAME}
     * @param checks what a row has to hold
     */
    public record FieldView(
            String name,
            int number,
            String type,
            String presence,
            boolean key,
            @Nullable String unit,
            String sensitivity,
            Map<String, Object> checks,
            @Nullable String description,
            boolean deprecated,
            @Nullable String deprecation) {}

    /** A message that rows hold. */
    public record MessageView(String name, @Nullable String description, List<FieldView> fields) {}

    /** An enum that rows hold. */
    public record EnumView(String name, @Nullable String description, List<EnumValueView> values) {}

    /** One value of it. */
    public record EnumValueView(
            String name, int number, @Nullable String description, boolean deprecated) {}

    public static ContractView of(Contract contract) {
        DataProduct product = contract.promises();
        TypeViews types = TypeViews.of(contract);
        return new ContractView(
                contract.dataset(),
                contract.message(),
                Said.text(product.getOwner()),
                Said.orNull(product.getDescription()),
                Said.orNull(product.getDocumentation()),
                lifecycle(product.getLifecycle()),
                Said.orNull(product.getFreshness()),
                Said.orNull(product.getExpiresAfter()),
                Said.orNull(product.getP99()),
                Said.orNull(product.getAvailability()),
                checks(product.getChecks()),
                contract.keyFields().stream().map(field -> field.getName()).toList(),
                Said.hex(contract.digest()),
                types.fields(contract.descriptor()),
                types.messages(),
                types.enums());
    }

    private static LifecycleView lifecycle(Lifecycle lifecycle) {
        return new LifecycleView(
                lifecycle.getStage() == Lifecycle.Stage.STAGE_DEPRECATED ? "DEPRECATED" : "ACTIVE",
                Said.orNull(lifecycle.getEndsOn()),
                Said.orNull(lifecycle.getSuccessor()));
    }

    private static Map<String, Object> checks(Checks checks) {
        return Said.options(checks, Checks.getDescriptor().getFields());
    }
}
