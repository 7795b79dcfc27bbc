package io.penstock.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.penstock.cli.output.Times;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.blob.Generations;
import java.util.HexFormat;
import java.util.Locale;

/** All that a version's manifest says beyond what the list of versions shows. */
final class ManifestDetail {
    private ManifestDetail() {}

    /** Appends it for a person. */
    static void describe(StringBuilder text, Manifest manifest) {
        text.append('\n').append("version ").append(manifest.getNumber()).append('\n');
        line(text, "generation", Generations.format(manifest.getGeneration()));
        line(text, "parent", manifest.getParent() == 0 ? "none" : Generations.format(manifest.getParent()));
        line(text, "contract", manifest.getContract().getMessage() + " " + digest(manifest));
        line(text, "source", manifest.getSource());
        line(
                text,
                "rows",
                manifest.getRows() + ": " + manifest.getRowsAdded() + " added, " + manifest.getRowsUpdated()
                        + " updated, " + manifest.getRowsRemoved() + " removed");
        line(
                text,
                "buckets",
                manifest.getBuckets() + ", " + manifest.getBucketsWritten() + " written; " + manifest.getBytes()
                        + " bytes, " + manifest.getBytesWritten() + " written");
        line(text, "expires", manifest.hasExpiresAt() ? Times.text(manifest.getExpiresAt()) : "never");
        if (manifest.getLabelsCount() > 0) {
            line(text, "labels", manifest.getLabelsMap().toString());
        }
        for (FieldProfile field : manifest.getFieldsList()) {
            line(text, "field", fieldName(manifest, field) + ": " + field(field));
        }
        for (CheckResult check : manifest.getChecksList()) {
            line(
                    text,
                    "check",
                    check.getCheck() + ": "
                            + verdict(check).toLowerCase(Locale.ROOT).replace('_', ' ') + ", " + check.getDetail()
                            + (check.getOverrideReason().isEmpty() ? "" : "; " + check.getOverrideReason()));
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-11s%s%n", name, value));
    }

    /** Adds it for a program. */
    static void add(ObjectNode object, Manifest manifest) {
        object.put("parent", manifest.getParent() == 0 ? null : Generations.format(manifest.getParent()))
                .put("message", manifest.getContract().getMessage())
                .put("contract_digest", digest(manifest))
                .put("source", manifest.getSource())
                .put("rows_added", manifest.getRowsAdded())
                .put("rows_updated", manifest.getRowsUpdated())
                .put("rows_removed", manifest.getRowsRemoved())
                .put("buckets", manifest.getBuckets())
                .put("buckets_written", manifest.getBucketsWritten())
                .put("bytes", manifest.getBytes())
                .put("bytes_written", manifest.getBytesWritten());
        var checks = object.putArray("checks");
        for (CheckResult check : manifest.getChecksList()) {
            checks.addObject()
                    .put("check", check.getCheck())
                    .put("verdict", verdict(check))
                    .put("detail", check.getDetail())
                    .put("override_reason", check.getOverrideReason());
        }
        var fields = object.putArray("fields");
        for (FieldProfile field : manifest.getFieldsList()) {
            fields.addObject()
                    .put("field", fieldName(manifest, field))
                    .put("nulls", field.getNulls())
                    .put("blanks", field.getBlanks())
                    .put("numbers", field.getNumbers())
                    .put("min", field.hasMin() ? (Double) field.getMin() : null)
                    .put("max", field.hasMax() ? (Double) field.getMax() : null)
                    .put("mean", field.hasMean() ? (Double) field.getMean() : null)
                    .put("distinct", field.hasDistinct() ? (Long) field.getDistinct() : null);
        }
        var labels = object.putObject("labels");
        manifest.getLabelsMap().forEach(labels::put);
    }

    private static String fieldName(Manifest manifest, FieldProfile field) {
        try {
            var named = Contract.of(manifest.getContract()).descriptor().findFieldByNumber(field.getField());
            return named == null ? String.valueOf(field.getField()) : named.getName();
        } catch (ContractException e) {
            return String.valueOf(field.getField()); // of a newer Penstock; the numbers are still worth showing
        }
    }

    private static String field(FieldProfile field) {
        StringBuilder text = new StringBuilder().append(field.getNulls()).append(" NULL");
        if (field.getBlanks() > 0) {
            text.append(", ").append(field.getBlanks()).append(" blank");
        }
        if (field.hasMin()) {
            text.append(", ").append(field.getMin()).append(" to ").append(field.getMax());
        }
        if (field.hasMean()) {
            text.append(String.format(Locale.ROOT, ", mean %.6g", field.getMean()));
        }
        if (field.hasDistinct()) {
            text.append(", about ").append(field.getDistinct()).append(" different values");
        }
        return text.toString();
    }

    private static String digest(Manifest manifest) {
        return HexFormat.of().formatHex(manifest.getContract().getDigest().toByteArray());
    }

    private static String verdict(CheckResult check) {
        return check.getVerdict().name().replace("VERDICT_", "");
    }
}
