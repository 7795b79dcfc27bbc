package io.penstock.serving.read;

import io.penstock.serving.read.codec.RequestOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.PinnedVersions;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Which version of a dataset a request is answered from, or why none is good enough; the end of step 1 of the read path,
 * and hot. The reason stands here until the next call. Confined to one loop.
 */
final class VersionChoice {
    private final PinnedVersions pinned;
    private final InstantSource clock;
    private final int fieldsMax;

    private Reason reason = Reason.REASON_UNSPECIFIED;

    VersionChoice(PinnedVersions pinned, InstantSource clock, int fieldsMax) {
        this.pinned = pinned;
        this.clock = clock;
        this.fieldsMax = fieldsMax;
    }

    /** The version to read, or null: see {@link #reason}. */
    @Nullable
    DatasetView choose(DatasetStatus dataset, RequestOptions options, long nowNanos) {
        if (!options.isValid()) {
            return refuse(Reason.REASON_MALFORMED_REQUEST);
        }
        if (options.fieldCount() > 0 && (options.hasFalseField() || options.fieldCount() > fieldsMax)) {
            return refuse(options.hasFalseField() ? Reason.REASON_INVALID_FIELD : Reason.REASON_TOO_MANY_FIELDS);
        }
        if (!dataset.catalog().isConfirmed(nowNanos)) {
            return refuse(Reason.REASON_CATALOG_UNCONFIRMED);
        }
        DatasetView view = dataset.served();
        // A pinned version is as old as its caller wants it: the revision is the dataset's, what this server knows.
        if (options.minRevision() > (view == null ? 0 : view.revision())) {
            return refuse(Reason.REASON_REVISION_NOT_REACHED);
        }
        if (options.version() != 0 && (view == null || view.number() != options.version())) {
            PinnedVersions.Pinned found = pinned.find(dataset, options.version(), nowNanos);
            view = found.view();
            if (view == null) {
                return refuse(found.reason());
            }
        }
        return view == null ? refuse(Reason.REASON_VERSION_LOADING) : fresh(view, options);
    }

    private @Nullable DatasetView fresh(DatasetView view, RequestOptions options) {
        long maxAgeMillis = options.maxAgeMillis();
        if (view.expiresAtMillis() == Long.MAX_VALUE && maxAgeMillis == RequestOptions.ANY_AGE) {
            return view;
        }
        long nowMillis = clock.millis();
        if (view.isExpired(nowMillis)) {
            return refuse(Reason.REASON_VERSION_EXPIRED);
        }
        return nowMillis - view.dataAsOfMillis() > maxAgeMillis ? refuse(Reason.REASON_TOO_OLD) : view;
    }

    private @Nullable DatasetView refuse(Reason why) {
        reason = why;
        return null;
    }

    /** Why the last choice was null. */
    Reason reason() {
        return reason;
    }
}
