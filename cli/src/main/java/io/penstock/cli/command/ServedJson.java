package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.output.Json;
import io.penstock.cli.output.Times;
import io.penstock.serving.v1.CheckOutcome;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.v1.ServedVersion;
import io.penstock.store.blob.Generations;
import java.util.HexFormat;

/** A dataset as one server serves it, as JSON. */
final class ServedJson {
    private static final String STATE_PREFIX = "STATE_";

    private ServedJson() {}

    static String state(Dataset dataset) {
        return dataset.getState() == Dataset.State.UNRECOGNIZED
                ? "UNKNOWN"
                : dataset.getState().name().substring(STATE_PREFIX.length());
    }

    static ObjectNode of(Dataset dataset) {
        ObjectNode object = Json.object()
                .put("namespace", dataset.getNamespace())
                .put("dataset", dataset.getName())
                .put("state", state(dataset))
                .put("problem", dataset.getProblem())
                .put("owner", dataset.getOwner())
                .put("description", dataset.getDescription());
        if (dataset.hasVersion()) {
            object.set("served", version(dataset.getVersion()));
        } else {
            object.putNull("served");
        }
        return object;
    }

    private static ObjectNode version(ServedVersion version) {
        ObjectNode object = Json.object()
                .put("version", version.getVersion())
                .put("revision", version.getRevision())
                .put("generation", Generations.format(version.getGeneration()))
                .put("data_as_of", Times.text(version.getDataAsOf()))
                .put("data_as_of_assumed", version.getDataAsOfAssumed())
                .put("published_at", Times.text(version.getPublishedAt()))
                .put("expires_at", version.hasExpiresAt() ? Times.text(version.getExpiresAt()) : null)
                .put("adopted_at", Times.text(version.getAdoptedAt()))
                .put("rows", version.getRows())
                .put("buckets", version.getBuckets())
                .put("bytes", version.getBytes())
                .put(
                        "contract_digest",
                        HexFormat.of().formatHex(version.getContractDigest().toByteArray()))
                .put("message", version.getMessage());
        var checks = object.putArray("checks");
        for (CheckOutcome check : version.getChecksList()) {
            checks.addObject()
                    .put("check", check.getCheck())
                    .put("passed", check.getPassed())
                    .put("detail", check.getDetail())
                    .put("override_reason", check.getOverrideReason());
        }
        var labels = object.putObject("labels");
        version.getLabelsMap().forEach(labels::put);
        return object;
    }
}
