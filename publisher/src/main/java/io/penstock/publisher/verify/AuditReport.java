package io.penstock.publisher.verify;

import io.penstock.store.DatasetId;
import io.penstock.store.Remedies;
import java.util.List;

/**
 * What an audit of a stored version found.
 *
 * @param current whether the version is what is served
 * @param rows counted in the buckets that are whole
 * @param bytes of the bodies of these
 * @param blobsRead manifest, chunks, digest chunks and buckets that were asked for
 * @param problems how many things are wrong
 * @param findings the first {@value VersionAudit#FINDINGS_MAX} of them, for a person; no key and no value
 */
public record AuditReport(
        DatasetId dataset,
        long version,
        boolean current,
        long rows,
        long buckets,
        long bytes,
        long blobsRead,
        long problems,
        List<String> findings) {
    public boolean isWhole() {
        return problems == 0;
    }

    /** What to do about what was found. */
    public String advice() {
        if (isWhole()) {
            return "";
        }
        return current
                ? Remedies.LOST_DATA + "; until then a version that is whole can be served by 'penstock rollback'"
                : "do not go back to it; if its data is needed, " + Remedies.LOST_DATA;
    }
}
