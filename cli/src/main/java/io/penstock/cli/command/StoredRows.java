package io.penstock.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.MessageJson;
import io.penstock.contract.Contract;
import io.penstock.publisher.stored.ContractReader;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stored rows as JSON, each under the contract of its own version. */
final class StoredRows {
    private StoredRows() {}

    /** The row's value with the contract's field names; JSON's null if there is no row. */
    static JsonNode json(@Nullable Row row, Manifest version) {
        if (row == null) {
            return Json.object().nullNode();
        }
        Contract contract = ContractReader.read(version.getContract());
        try {
            Message message = DynamicMessage.parseFrom(contract.descriptor(), row.getValue());
            return MessageJson.of(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored row is no " + contract.message(), e);
        }
    }

    /** Names of the fields that differ, in the contract's order; a field that is not there differs from any value. */
    static List<String> changedFields(JsonNode before, JsonNode after) {
        Set<String> names = new LinkedHashSet<>();
        for (Iterator<String> all = after.fieldNames(); all.hasNext(); ) {
            names.add(all.next());
        }
        for (Iterator<String> all = before.fieldNames(); all.hasNext(); ) {
            names.add(all.next());
        }
        List<String> changed = new ArrayList<>();
        for (String name : names) {
            if (!before.path(name).equals(after.path(name))) {
                changed.add(name);
            }
        }
        return changed;
    }
}
