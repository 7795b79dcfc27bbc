package io.penstock.publisher;

import io.penstock.publisher.diff.Changes;
import io.penstock.storage.v1.CheckResult;
import io.penstock.store.DatasetId;
import io.penstock.store.Headroom;
import io.penstock.store.layout.BucketLayout;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a publication would do, found out without writing anything.
 *
 * @param parentNumber the version it would be made from; 0 = none
 * @param unchanged whether there would be no new version
 * @param fullRewrite whether every bucket would be written, as for a first version or another layout
 * @param rowsErased rows of the source that would be left out because their keys are erased
 * @param checks every guardrail's verdict
 * @param refusals why it would be refused; empty if it would not
 */
public record PublicationPlan(
        DatasetId dataset,
        long parentNumber,
        boolean unchanged,
        boolean fullRewrite,
        BucketLayout layout,
        Instant dataAsOf,
        boolean dataAsOfAssumed,
        Changes changes,
        long rowsErased,
        List<CheckResult> checks,
        List<String> refusals,
        Headroom headroom,
        Map<String, Long> millisByStep) {}
