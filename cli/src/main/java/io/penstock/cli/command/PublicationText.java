package io.penstock.cli.command;

import io.penstock.cli.output.Sizes;
import io.penstock.cli.output.Times;
import io.penstock.publisher.PublicationPlan;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.adopt.Adoption;
import io.penstock.publisher.diff.Changes;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.Headroom;
import java.util.List;
import java.util.Locale;

/** What a publication did or would do, for people. */
final class PublicationText {
    private PublicationText() {}

    static String of(PublicationReport report) {
        Manifest manifest = report.manifest();
        String headline = report.dataset() + ": "
                + (report.committed()
                        ? "version " + manifest.getNumber() + " published, revision " + report.revision()
                        : "unchanged, version " + manifest.getNumber() + " stays current")
                + "\n";
        StringBuilder text = new StringBuilder(headline);
        if (report.committed()) {
            line(
                    text,
                    "rows",
                    counts(
                            manifest.getRows(),
                            manifest.getRowsAdded(),
                            manifest.getRowsUpdated(),
                            manifest.getRowsRemoved()));
            erased(text, manifest.getRowsErased());
            line(
                    text,
                    "buckets",
                    buckets(
                            manifest.getBuckets(),
                            manifest.getBucketsWritten(),
                            manifest.getBytes(),
                            manifest.getBytesWritten()));
        }
        line(
                text,
                "data as of",
                Times.text(manifest.getDataAsOf()) + (manifest.getDataAsOfAssumed() ? " (assumed)" : ""));
        checks(text, manifest.getChecksList());
        line(text, "servers", servers(report.adoption()));
        return text.toString();
    }

    static String of(PublicationPlan plan) {
        Changes changes = plan.changes();
        StringBuilder text = new StringBuilder(plan.dataset() + ": "
                + (plan.unchanged()
                        ? "would be unchanged"
                        : plan.refusals().isEmpty() ? "would be published" : "would be refused")
                + (plan.parentNumber() == 0
                        ? ", as the first version"
                        : ", compared with version " + plan.parentNumber())
                + "\n");
        line(text, "rows", counts(changes.rows(), changes.rowsAdded(), changes.rowsUpdated(), changes.rowsRemoved()));
        erased(text, plan.rowsErased());
        line(
                text,
                "buckets",
                buckets(changes.buckets(), changes.bucketsWritten(), changes.bytes(), changes.bytesWritten()));
        line(text, "store", headroom(plan));
        line(text, "data as of", plan.dataAsOf() + (plan.dataAsOfAssumed() ? " (assumed)" : ""));
        checks(text, plan.checks());
        return text.toString();
    }

    private static String headroom(PublicationPlan plan) {
        Headroom headroom = plan.headroom();
        long written = plan.changes().bytesWritten();
        if (headroom.usedBytes() < 0) {
            return "its use is not known";
        }
        if (headroom.maxBytes() < 0) {
            return Sizes.text(headroom.usedBytes()) + " used, no limit known";
        }
        long left = Math.max(0, headroom.maxBytes() - headroom.usedBytes());
        return Sizes.text(headroom.usedBytes()) + " of " + Sizes.text(headroom.maxBytes()) + " used: room for "
                + Sizes.text(left) + ", " + (headroom.fits(written) ? "enough" : "too little") + " for the "
                + Sizes.text(written) + " of one more version";
    }

    private static void erased(StringBuilder text, long rows) {
        if (rows > 0) {
            line(text, "erased", String.format(Locale.ROOT, "%,d rows left out, whose keys are erased", rows));
        }
    }

    private static void checks(StringBuilder text, List<CheckResult> checks) {
        for (CheckResult check : checks) {
            String verdict = check.getVerdict().name().replace("VERDICT_", "").toLowerCase(Locale.ROOT);
            line(
                    text,
                    "check",
                    check.getCheck() + ": " + verdict.replace('_', ' ') + ", " + check.getDetail()
                            + (check.getOverrideReason().isEmpty() ? "" : "; " + check.getOverrideReason()));
        }
    }

    private static String counts(long rows, long added, long updated, long removed) {
        return String.format(Locale.ROOT, "%,d: %,d added, %,d updated, %,d removed", rows, added, updated, removed);
    }

    private static String buckets(long buckets, long written, long bytes, long bytesWritten) {
        return String.format(
                Locale.ROOT,
                "%,d: %,d written (%s), %,d kept (%s)",
                buckets,
                written,
                Sizes.text(bytesWritten),
                buckets - written,
                Sizes.text(bytes - bytesWritten));
    }

    private static String servers(Adoption adoption) {
        if (adoption.servers().isEmpty()) {
            return "none is running";
        }
        long adopted =
                adoption.servers().stream().filter(Adoption.Server::adopted).count();
        StringBuilder text =
                new StringBuilder(adopted + " of " + adoption.servers().size() + " serve it");
        for (Adoption.Server lagging : adoption.lagging()) {
            text.append("; ").append(lagging.address()).append(" does not: ");
            text.append(lagging.problem().isEmpty() ? "it lags" : lagging.problem());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-11s%s%n", name, value));
    }
}
