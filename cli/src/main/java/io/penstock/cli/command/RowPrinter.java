package io.penstock.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.cli.access.ServerAdvice;
import io.penstock.cli.output.Console;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.MessageJson;
import io.penstock.client.Lookup;
import io.penstock.client.Outcome;
import io.penstock.client.PenstockException;
import io.penstock.contract.Contract;
import io.penstock.serving.v1.Reason;

/** Prints what came of each key: rows on standard output, what went wrong on standard error. */
final class RowPrinter {
    private static final String REASON_PREFIX = "REASON_";

    private final Console console;
    private final String dataset;
    private final boolean json;

    RowPrinter(Console console, String dataset, boolean json) {
        this.console = console;
        this.dataset = dataset;
        this.json = json;
    }

    void found(String key, Contract contract, Lookup<ByteString> lookup) {
        JsonNode row = decode(contract, lookup.value().orElseThrow());
        if (json) {
            line(object(key, lookup).set("value", row));
        } else {
            console.out()
                    .print(dataset + " " + key + "  version " + lookup.version() + ", revision " + lookup.revision()
                            + ", data as of " + lookup.dataAsOf() + "\n" + Json.pretty(row) + "\n");
        }
    }

    void notFound(String key, Lookup<ByteString> lookup) {
        if (json) {
            ObjectNode object = object(key, lookup);
            object.putNull("value");
            line(object);
        }
        String what = lookup.outcome() == Outcome.ABSENT ? "no row" : "its row has expired";
        complain(key, what + " in version " + lookup.version());
    }

    void failed(String key, Lookup<ByteString> lookup, PenstockException failure) {
        if (json) {
            ObjectNode object = object(key, lookup);
            object.putNull("value");
            object.put("code", failure.code().name()).put("reason", name(failure.reason()));
            line(object);
        }
        complain(
                key,
                failure.code() + " (" + name(failure.reason()) + ")"
                        + ServerAdvice.after(failure.code(), failure.reason()));
    }

    private void complain(String key, String what) {
        console.out().flush();
        console.err().print("penstock: " + dataset + " " + key + ": " + what + "\n");
    }

    private ObjectNode object(String key, Lookup<ByteString> lookup) {
        return Json.object()
                .put("dataset", dataset)
                .put("key", key)
                .put("outcome", lookup.outcome().name())
                .put("version", lookup.version())
                .put("revision", lookup.revision())
                .put("data_as_of", lookup.dataAsOf().toString());
    }

    private JsonNode decode(Contract contract, ByteString value) {
        try {
            return MessageJson.of(DynamicMessage.parseFrom(contract.descriptor(), value));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(dataset + ": a value is not a message of " + contract.message(), e);
        }
    }

    private void line(JsonNode node) {
        console.out().print(Json.line(node) + "\n");
    }

    private static String name(Reason reason) {
        return reason == Reason.UNRECOGNIZED ? "UNKNOWN" : reason.name().substring(REASON_PREFIX.length());
    }
}
