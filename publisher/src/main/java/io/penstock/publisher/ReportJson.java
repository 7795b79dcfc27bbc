package io.penstock.publisher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.publisher.adopt.Adoption;
import io.penstock.publisher.collect.GcReport;
import io.penstock.publisher.diff.Changes;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.blob.Generations;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reports and plans as JSON; {@code docs/publication-report.md} is the schema. Names are only ever added. */
public final class ReportJson {
    private static final int SCHEMA = 1;

    private ReportJson() {}

    public static ObjectNode of(PublicationReport report) {
        Manifest manifest = report.manifest();
        ObjectNode json = object(
                report.dataset().namespace(),
                report.dataset().name(),
                report.outcome().name());
        json.put("committed", report.committed());
        json.put("version", manifest.getNumber());
        json.put("generation", Generations.format(manifest.getGeneration()));
        json.put("revision", report.revision());
        json.put("data_as_of", Times.instant(manifest.getDataAsOf()).toString());
        json.put("data_as_of_assumed", manifest.getDataAsOfAssumed());
        json.put("published_at", Times.instant(manifest.getPublishedAt()).toString());
        if (manifest.hasExpiresAt()) {
            json.put("expires_at", Times.instant(manifest.getExpiresAt()).toString());
        }
        boolean committed = report.committed();
        ObjectNode rows = json.putObject("rows");
        rows.put("total", manifest.getRows());
        rows.put("added", committed ? manifest.getRowsAdded() : 0);
        rows.put("updated", committed ? manifest.getRowsUpdated() : 0);
        rows.put("removed", committed ? manifest.getRowsRemoved() : 0);
        rows.put("erased", committed ? manifest.getRowsErased() : 0);
        long written = committed ? manifest.getBucketsWritten() : 0;
        ObjectNode buckets = json.putObject("buckets");
        buckets.put("total", manifest.getBuckets());
        buckets.put("written", written);
        buckets.put("kept", manifest.getBuckets() - written);
        buckets.put("healed", report.bucketsHealed());
        buckets.put("unreadable", report.bucketsUnreadable());
        ObjectNode bytes = json.putObject("bytes");
        bytes.put("total", manifest.getBytes());
        bytes.put("written", committed ? manifest.getBytesWritten() : 0);
        putLongs(json.putObject("duration_ms"), report.millisByStep());
        putChecks(json.putArray("checks"), committed ? manifest.getChecksList() : List.of());
        putAdoption(json.putObject("adoption"), report.adoption());
        GcReport collected = report.collected();
        if (collected != null) {
            putCollected(json.putObject("collected"), collected);
        }
        report.warnings().forEach(json.putArray("warnings")::add);
        return json;
    }

    public static ObjectNode of(PublicationPlan plan) {
        String outcome = !plan.refusals().isEmpty() ? "WOULD_BE_REFUSED" : plan.unchanged() ? "UNCHANGED" : "PLANNED";
        Changes changes = plan.changes();
        ObjectNode json = object(plan.dataset().namespace(), plan.dataset().name(), outcome);
        json.put("parent_version", plan.parentNumber());
        json.put("full_rewrite", plan.fullRewrite());
        json.put("data_as_of", plan.dataAsOf().toString());
        json.put("data_as_of_assumed", plan.dataAsOfAssumed());
        ObjectNode rows = json.putObject("rows");
        rows.put("total", changes.rows());
        rows.put("added", changes.rowsAdded());
        rows.put("updated", changes.rowsUpdated());
        rows.put("removed", changes.rowsRemoved());
        rows.put("erased", plan.rowsErased());
        ObjectNode buckets = json.putObject("buckets");
        buckets.put("total", changes.buckets());
        buckets.put("written", changes.bucketsWritten());
        buckets.put("kept", changes.bucketsKept());
        buckets.put("healed", changes.bucketsHealed());
        buckets.put("unreadable", changes.bucketsUnreadable());
        ObjectNode bytes = json.putObject("bytes");
        bytes.put("total", changes.bytes());
        bytes.put("written", changes.bytesWritten());
        ObjectNode headroom = json.putObject("headroom");
        headroom.put("used_bytes", plan.headroom().usedBytes());
        headroom.put("max_bytes", plan.headroom().maxBytes());
        putLongs(json.putObject("duration_ms"), plan.millisByStep());
        putChecks(json.putArray("checks"), plan.checks());
        plan.refusals().forEach(json.putArray("refusals")::add);
        return json;
    }

    private static ObjectNode object(String namespace, String dataset, String outcome) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schema", SCHEMA);
        json.put("outcome", outcome);
        json.put("namespace", namespace);
        json.put("dataset", dataset);
        return json;
    }

    private static void putLongs(ObjectNode json, Map<String, Long> values) {
        values.forEach(json::put);
    }

    private static void putChecks(ArrayNode json, List<CheckResult> checks) {
        for (CheckResult check : checks) {
            ObjectNode each = json.addObject();
            each.put("check", check.getCheck());
            each.put(
                    "verdict",
                    check.getVerdict().name().substring("VERDICT_".length()).toLowerCase(Locale.ROOT));
            each.put("detail", check.getDetail());
            if (!check.getOverrideReason().isEmpty()) {
                each.put("override_reason", check.getOverrideReason());
            }
        }
    }

    private static void putAdoption(ObjectNode json, Adoption adoption) {
        json.put("complete", adoption.complete());
        ArrayNode servers = json.putArray("servers");
        for (Adoption.Server server : adoption.servers()) {
            ObjectNode each = servers.addObject();
            each.put("address", server.address());
            each.put("process", server.process());
            each.put("revision", server.revision());
            each.put("adopted", server.adopted());
            if (!server.problem().isEmpty()) {
                each.put("problem", server.problem());
            }
        }
    }

    private static void putCollected(ObjectNode json, GcReport collected) {
        ArrayNode versions = json.putArray("versions");
        collected.collected().forEach(version -> versions.add(version.number()));
        json.put("abandoned_swept", collected.swept().size());
        json.put("blobs_deleted", collected.blobsDeleted());
    }
}
