package io.penstock.publisher.collect;

import io.penstock.publisher.Failures;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Step;
import io.penstock.publisher.internal.RandomIds;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.AbandonedEntry;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.presence.Presence;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the blobs of a namespace that no one needs; run after each publication and by {@code penstock gc}. Several may
 * run at once: everything is deleted by name, and a name is never used again.
 *
 * <p>The order is what makes it safe: catalog, then presence, then buckets, chunks, digests, intents, the manifest last,
 * and then the catalog forgets. See {@link LiveVersions} for what is spared. The generation in a dataset's slot is never
 * looked at.
 */
public final class Collector {
    private final Store store;
    private final String namespace;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final PublicationObserver observer;

    public Collector(
            Store store, String namespace, InstantSource clock, RandomGenerator random, PublicationObserver observer) {
        this.store = store;
        this.namespace = DatasetId.requireNamespace(namespace);
        this.clock = clock;
        this.random = random;
        this.observer = observer;
    }

    /** A collector as an operator runs it. */
    public static Collector of(Store store, String namespace) {
        return new Collector(store, namespace, InstantSource.system(), new SecureRandom(), PublicationObserver.NONE);
    }

    /**
     * Deletes what may be deleted. Blocks for as long as that takes; a namespace without a catalog is left alone.
     *
     * @throws io.penstock.publisher.PublisherException if the store fails; what is left is found by the next run
     */
    public GcReport collect(GcOptions options) {
        try (BlobWriter blobs = store.openWriter()) {
            return collect(options, blobs);
        } catch (RuntimeException e) {
            throw Failures.of(e);
        }
    }

    private GcReport collect(GcOptions options, BlobWriter blobs) {
        CatalogClient client = new CatalogClient(store.catalog(namespace), namespace, random);
        Presence presence = store.presence(namespace);
        GcReport.Draft report = new GcReport.Draft();
        Deletions deletions = new Deletions(blobs, observer);
        if (client.read().isEmpty()) {
            return report.finish(0);
        }
        if (options.abandonSilent()) {
            new SilentSlots(client, presence, options, clock, random).abandon(name -> isChosen(name, options), report);
        }
        if (options.keep().isPresent()) {
            retire(client, options);
        }
        Optional<FullScan> scan = options.full() ? Optional.of(FullScan.list(blobs, namespace)) : Optional.empty();
        Instant now = clock.instant();
        Catalog catalog = client.require().catalog();
        List<PresenceRecord> present = Stages.await(presence.list());
        observer.at(Step.COLLECTING, namespace);

        Map<String, LiveVersions> live = new HashMap<>();
        for (DatasetEntry dataset : catalog.getDatasetsList()) {
            if (isChosen(dataset.getName(), options)) {
                StoredBlobs stored = new StoredBlobs(blobs, new DatasetId(namespace, dataset.getName()));
                LiveVersions versions = LiveVersions.read(dataset, present, options.effectiveGrace(), now, stored);
                live.put(dataset.getName(), versions);
                new DatasetCollection(dataset, versions, stored, blobs, deletions, client, random, observer, report)
                        .run(now, options.sweepNow());
            }
        }
        if (scan.isPresent()) {
            sweepUnknown(scan.get(), catalog, present, live, deletions, options, report);
        }
        observer.at(Step.COLLECTED, namespace + ": " + deletions.deleted() + " blobs deleted");
        return report.finish(deletions.deleted());
    }

    private static boolean isChosen(String dataset, GcOptions options) {
        return options.datasets().isEmpty() || options.datasets().contains(dataset);
    }

    private void retire(CatalogClient client, GcOptions options) {
        for (DatasetEntry dataset : client.require().catalog().getDatasetsList()) {
            if (isChosen(dataset.getName(), options)) {
                try {
                    client.apply(
                            RandomIds.next(random),
                            CatalogTransitions.retire(
                                    dataset.getName(), options.keep().getAsInt(), clock.instant()));
                } catch (CatalogRefusedException e) {
                    throw Failures.of(e);
                }
            }
        }
    }

    private static void sweepUnknown(
            FullScan scan,
            Catalog catalog,
            List<PresenceRecord> present,
            Map<String, LiveVersions> live,
            Deletions deletions,
            GcOptions options,
            GcReport.Draft report) {
        Set<FullScan.Generation> unknown = scan.unknown(known(catalog));
        Set<Long> reported = reported(present);
        unknown.removeIf(generation -> reported.contains(generation.id())
                || !isChosen(generation.dataset(), options)
                || hasProblems(live.get(generation.dataset())));
        Map<String, List<Manifest>> manifests = new HashMap<>();
        live.forEach((name, versions) -> manifests.put(name, versions.manifests()));
        for (String dataset : scan.sweep(unknown, manifests, deletions)) {
            report.warnings.add(dataset + ": a chunk of a live version cannot be read, so what it needs is unknown and"
                    + " not everything was swept; publish a snapshot of the data");
        }
    }

    private static boolean hasProblems(@Nullable LiveVersions versions) {
        return versions != null && !versions.problems().isEmpty();
    }

    private static Set<FullScan.Generation> known(Catalog catalog) {
        Set<FullScan.Generation> known = new HashSet<>();
        for (DatasetEntry dataset : catalog.getDatasetsList()) {
            String name = dataset.getName();
            for (VersionEntry version : dataset.getVersionsList()) {
                known.add(new FullScan.Generation(name, version.getGeneration()));
            }
            for (AbandonedEntry abandoned : dataset.getAbandonedList()) {
                known.add(new FullScan.Generation(name, abandoned.getGeneration()));
            }
            if (dataset.hasSlot()) {
                known.add(new FullScan.Generation(name, dataset.getSlot().getGeneration()));
            }
        }
        return known;
    }

    private static Set<Long> reported(List<PresenceRecord> present) {
        Set<Long> reported = new HashSet<>();
        for (PresenceRecord record : present) {
            reported.addAll(record.getPublisher().getGenerationsList());
            reported.addAll(record.getPublisher().getParentsList());
            record.getServer().getDatasetsList().forEach(held -> reported.addAll(held.getHeldList()));
        }
        return reported;
    }
}
