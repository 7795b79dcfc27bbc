package io.penstock.client;

import com.google.protobuf.Timestamp;
import io.penstock.serving.v1.VersionInfo;
import java.time.DateTimeException;
import java.time.Instant;

/** The version an answer is from. */
record VersionStamp(long version, long revision, Instant dataAsOf) {
    static VersionStamp of(String what, VersionInfo info) {
        Timestamp dataAsOf = info.getDataAsOf();
        try {
            return new VersionStamp(
                    info.getVersion(),
                    info.getRevision(),
                    Instant.ofEpochSecond(dataAsOf.getSeconds(), dataAsOf.getNanos()));
        } catch (DateTimeException e) {
            throw Failures.notUnderstood(what, "the answer's data_as_of is no time", e);
        }
    }
}
