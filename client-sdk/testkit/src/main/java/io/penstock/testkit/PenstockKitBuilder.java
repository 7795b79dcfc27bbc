package io.penstock.testkit;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sets a {@link PenstockKit} up. Not thread-safe. */
public final class PenstockKitBuilder {
    private final List<Descriptor> contracts = new ArrayList<>();
    private final List<Message> rows = new ArrayList<>();
    private final Map<String, String> settings = new LinkedHashMap<>();

    PenstockKitBuilder() {}

    /** Registers a contract by its generated class: {@code Customer360.getDescriptor()}. */
    public PenstockKitBuilder contract(Descriptor message) {
        contracts.add(message);
        return this;
    }

    /** Rows, of any of the contracts, that are there at the start and after every {@link PenstockKit#reset}. */
    public PenstockKitBuilder rows(Message... newRows) {
        rows.addAll(List.of(newRows));
        return this;
    }

    /** One of the server's settings, {@code setting("limits.batch_keys", "10")}; see docs/configuration.md. */
    public PenstockKitBuilder setting(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /**
     * Starts the stack; returns once the server is ready.
     *
     * @throws KitException if a message is no contract, or the server does not start
     */
    public PenstockKit start() {
        return new PenstockKit(List.copyOf(contracts), List.copyOf(rows), Map.copyOf(settings));
    }
}
