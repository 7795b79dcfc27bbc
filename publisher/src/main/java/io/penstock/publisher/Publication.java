package io.penstock.publisher;

import io.penstock.contract.Contract;
import io.penstock.publisher.guardrail.GuardrailChecks;
import io.penstock.publisher.guardrail.Guardrails;
import io.penstock.storage.v1.Mode;
import io.penstock.store.DatasetId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is to be published: a dataset's rows under a contract.
 *
 * @param mode how the rows relate to the version before: all there is, those that change, or operations on them
 * @param retention how many versions are kept, the new one included
 * @param labels kept in the manifest
 * @param guardrails the contract's own included, whatever is given
 * @param overrides names of guardrails that may fail, each with the reason, which is audited
 */
public record Publication(
        String namespace,
        Contract contract,
        RowSource source,
        Mode mode,
        int retention,
        Map<String, String> labels,
        Guardrails guardrails,
        Map<String, String> overrides) {
    public static final int RETENTION_DEFAULT = 3;

    public Publication {
        DatasetId.requireNamespace(namespace);
        if (mode != Mode.MODE_SNAPSHOT && mode != Mode.MODE_UPSERT && mode != Mode.MODE_DELTA) {
            throw new IllegalArgumentException(
                    "mode: " + mode + " (expected: MODE_SNAPSHOT, MODE_UPSERT or MODE_DELTA)");
        }
        if (retention < 1) {
            throw new IllegalArgumentException("retention: " + retention + " (expected: > 0)");
        }
        overrides.forEach((check, reason) -> {
            if (!GuardrailChecks.NAMES.contains(check)) {
                throw new IllegalArgumentException("override: '" + check + "' (expected: one of "
                        + GuardrailChecks.NAMES.stream().sorted().toList() + ")");
            }
            if (reason.isBlank()) {
                throw new IllegalArgumentException("override of '" + check + "': no reason (expected: why)");
            }
        });
        guardrails = guardrails.with(contract);
        GuardrailChecks.requirePossible(guardrails, contract.descriptor());
        labels = Map.copyOf(labels);
        overrides = Map.copyOf(overrides);
    }

    public static Builder builder(String namespace, Contract contract, RowSource source) {
        return new Builder(namespace, contract, source);
    }

    public DatasetId dataset() {
        return new DatasetId(namespace, contract.dataset());
    }

    /** Whether every row that a reader may see afterwards passes by, so that a contract's checks hold of all of them. */
    public boolean seesAllValues() {
        return mode == Mode.MODE_SNAPSHOT;
    }

    /** Sets what has a default. Not thread-safe. */
    public static final class Builder {
        private final String namespace;
        private final Contract contract;
        private final RowSource source;
        private final Map<String, String> labels = new LinkedHashMap<>();
        private final Map<String, String> overrides = new LinkedHashMap<>();
        private Mode mode = Mode.MODE_SNAPSHOT;
        private int retention = RETENTION_DEFAULT;
        private Guardrails guardrails = Guardrails.DEFAULTS;

        private Builder(String namespace, Contract contract, RowSource source) {
            this.namespace = namespace;
            this.contract = contract;
            this.source = source;
        }

        public Builder mode(Mode newMode) {
            mode = newMode;
            return this;
        }

        /** How many versions are kept, the new one included. */
        public Builder retention(int versions) {
            retention = versions;
            return this;
        }

        public Builder label(String name, String value) {
            labels.put(name, value);
            return this;
        }

        public Builder guardrails(Guardrails limits) {
            guardrails = limits;
            return this;
        }

        /** Lets a guardrail fail this once. */
        public Builder override(String check, String reason) {
            overrides.put(check, reason);
            return this;
        }

        public Publication build() {
            return new Publication(namespace, contract, source, mode, retention, labels, guardrails, overrides);
        }
    }
}
