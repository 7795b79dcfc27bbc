package io.penstock.publisher.collect;

import io.penstock.publisher.Failures;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Step;
import io.penstock.publisher.internal.RandomIds;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.AbandonedEntry;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogTransition;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.layout.BucketLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** Collects one dataset: retired versions, abandoned generations, and intents that outlived their commit. */
final class DatasetCollection {
    /** How long a publisher that sleeps may still wake up and write. */
    private static final Duration WATCH_ABANDONED = Duration.ofDays(1);

    private final DatasetEntry dataset;
    private final LiveVersions live;
    private final StoredBlobs stored;
    private final BlobWriter blobs;
    private final Deletions deletions;
    private final CatalogClient client;
    private final RandomGenerator random;
    private final PublicationObserver observer;
    private final GcReport.Draft report;

    DatasetCollection(
            DatasetEntry dataset,
            LiveVersions live,
            StoredBlobs stored,
            BlobWriter blobs,
            Deletions deletions,
            CatalogClient client,
            RandomGenerator random,
            PublicationObserver observer,
            GcReport.Draft report) {
        this.dataset = dataset;
        this.live = live;
        this.stored = stored;
        this.blobs = blobs;
        this.deletions = deletions;
        this.client = client;
        this.random = random;
        this.observer = observer;
        this.report = report;
    }

    /** @param now before anything was deleted, and before the catalog was read */
    void run(Instant now, boolean sweepNow) {
        deleteIntentsOfCommitted();
        report.warnings.addAll(live.problems());
        for (VersionEntry version : dataset.getVersionsList()) {
            if (version.getState() == VersionEntry.State.STATE_RETIRING) {
                collect(version);
            }
        }
        for (AbandonedEntry abandoned : dataset.getAbandonedList()) {
            sweep(abandoned, now, sweepNow);
        }
    }

    /** A publisher that was killed right after its commit leaves its intents. */
    private void deleteIntentsOfCommitted() {
        for (Manifest manifest : live.manifests()) {
            for (int chunk = 0; chunk < manifest.getChunkGenerationsCount(); chunk++) {
                if (manifest.getChunkGenerations(chunk) == manifest.getGeneration()) {
                    deletions.add(BlobAddress.intent(stored.dataset(), manifest.getGeneration(), chunk));
                }
            }
        }
        deletions.complete();
    }

    private void collect(VersionEntry version) {
        long generation = version.getGeneration();
        if (live.contains(generation)) {
            live.holder(generation)
                    .ifPresent(holder -> report.blocked.add(new GcReport.Blocked(
                            dataset.getName(), version.getNumber(), holder, LiveVersions.since(version))));
            return;
        }
        if (!live.problems().isEmpty()) {
            return;
        }
        Stored<Manifest> read = stored.manifest(generation);
        Manifest manifest = read.value();
        if (manifest == null && read.state() == Stored.State.DAMAGED) {
            report.warnings.add(dataset.getName() + ": the manifest of retired version " + version.getNumber()
                    + " is damaged; what only it named stays until 'penstock gc --full'");
        }
        if (manifest != null) {
            VersionDeletion deletion = new VersionDeletion(stored, deletions, live.manifests());
            boolean done = deletion.delete(manifest);
            report.warnings.addAll(deletion.problems());
            if (!done) {
                return;
            }
        }
        observer.at(Step.VERSION_COLLECTED, dataset.getName() + " version " + version.getNumber());
        apply(CatalogTransitions.collected(dataset.getName(), generation));
        report.collected.add(new GcReport.Version(dataset.getName(), version.getNumber()));
    }

    private void sweep(AbandonedEntry abandoned, Instant now, boolean sweepNow) {
        long generation = abandoned.getGeneration();
        Instant since = Instant.ofEpochSecond(
                abandoned.getAbandonedAt().getSeconds(),
                abandoned.getAbandonedAt().getNanos());
        // Without a layout nothing was written and, its slot gone, nothing can be.
        boolean last = sweepNow
                || !abandoned.hasLayout()
                || !since.plus(WATCH_ABANDONED).isAfter(now);
        if (abandoned.hasLayout()) {
            new AbandonedSweep(stored, blobs, deletions)
                    .sweep(generation, BucketLayout.of(abandoned.getLayout()), last);
            report.swept.add(new GcReport.Version(dataset.getName(), abandoned.getNumber()));
        }
        if (last) {
            apply(CatalogTransitions.forget(dataset.getName(), generation));
            report.forgotten++;
        }
    }

    private void apply(CatalogTransition transition) {
        try {
            client.apply(RandomIds.next(random), transition);
        } catch (CatalogRefusedException e) {
            throw Failures.of(e);
        }
    }
}
