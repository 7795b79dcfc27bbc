package io.penstock.publisher;

import io.penstock.publisher.adopt.Adoption;
import io.penstock.publisher.collect.GcReport;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a publication did; {@link ReportJson} writes it down as {@code docs/publication-report.md} says.
 *
 * @param manifest of the version that is current now: the new one, or the unchanged one
 * @param committed whether this publication made it
 * @param revision the dataset's revision at which it became current
 * @param bucketsHealed unchanged buckets written again because a server had lost them
 * @param bucketsUnreadable buckets of the version before that could not be read; their rows count as updated
 * @param millisByStep how long each step took, in order
 * @param collected what the collector did; null if it failed, and then a warning says why
 */
public record PublicationReport(
        Outcome outcome,
        DatasetId dataset,
        Manifest manifest,
        boolean committed,
        long revision,
        long bucketsHealed,
        long bucketsUnreadable,
        Map<String, Long> millisByStep,
        Adoption adoption,
        List<String> warnings,
        @Nullable GcReport collected) {}
