package io.penstock.publisher.admin;

import io.penstock.publisher.Failures;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.internal.RandomIds;
import io.penstock.publisher.slot.CatalogCreation;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransition;
import io.penstock.store.catalog.CatalogTransitions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Rolls back, pauses, resumes and initialises. Every method blocks and throws {@link PublisherException}; thread-safe.
 */
public final class CatalogAdmin {
    private final Store store;
    private final String namespace;
    private final String by;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final CatalogClient client;

    /**
     * An operator at work.
     *
     * @param by who, for the audit trail
     */
    public CatalogAdmin(Store store, String namespace, String by, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.namespace = namespace;
        this.by = by;
        this.clock = clock;
        this.random = random;
        this.client = new CatalogClient(store.catalog(namespace), namespace, random);
    }

    /** Creates the namespace's catalog unless there is one; returns its store id. */
    public long initialise() {
        try {
            return new CatalogCreation(client, store.presence(namespace))
                    .findOrCreate()
                    .catalog()
                    .getStoreId();
        } catch (RuntimeException e) {
            throw Failures.of(e);
        }
    }

    /**
     * Goes back to an earlier version, together with everything that was committed in one step with what is undone. The
     * target is fixed by the first read, and must be whole, as must those of the other datasets.
     *
     * @param number of the version to go back to; empty = the current one's parent
     * @param alone leaves the other datasets as they are
     */
    public RollbackReport rollback(String dataset, OptionalLong number, boolean alone) {
        try {
            Catalog before = client.require().catalog();
            long target = target(before, dataset, number);
            DatasetEntry entry = entry(before, dataset);
            if (entry.getCurrent() == target) {
                return new RollbackReport(false, List.of());
            }
            long operationId = RandomIds.next(random);
            CatalogTransition rollback =
                    CatalogTransitions.rollback(dataset, target, alone, operationId, by, clock.instant());
            requireWhole(moved(dataset, before, rollback.apply(before)), before);
            Catalog after = client.apply(operationId, rollback);
            return new RollbackReport(true, moved(dataset, before, after));
        } catch (CatalogRefusedException e) {
            throw Failures.of(e);
        } catch (RuntimeException e) {
            throw Failures.of(e);
        }
    }

    /** Refuses publications from now on. */
    public void pause(String dataset, String reason) {
        Instant now = clock.instant();
        apply(CatalogTransitions.pause(dataset, reason, by, now));
    }

    /** Allows publications again. */
    public void resume(String dataset) {
        Instant now = clock.instant();
        apply(CatalogTransitions.resume(dataset, by, now));
    }

    private void apply(CatalogTransition transition) {
        try {
            client.apply(RandomIds.next(random), transition);
        } catch (CatalogRefusedException e) {
            throw Failures.of(e);
        } catch (RuntimeException e) {
            throw Failures.of(e);
        }
    }

    private static DatasetEntry entry(Catalog catalog, String dataset) {
        DatasetEntry entry = CatalogSnapshot.findDataset(catalog, dataset);
        if (entry == null) {
            throw new PublisherException(
                    Category.NOT_FOUND,
                    "UNKNOWN_DATASET",
                    dataset + ": the catalog has no such dataset; see 'penstock datasets --store URL'");
        }
        return entry;
    }

    private static long target(Catalog catalog, String dataset, OptionalLong number) throws CatalogRefusedException {
        if (number.isEmpty()) {
            return CatalogSnapshot.defaultRollbackTarget(catalog, dataset);
        }
        for (VersionEntry version : entry(catalog, dataset).getVersionsList()) {
            if (version.getNumber() == number.getAsLong()) {
                return version.getGeneration();
            }
        }
        throw new PublisherException(
                Category.NOT_FOUND,
                "UNKNOWN_VERSION",
                dataset + ": there is no version " + number.getAsLong() + "; see 'penstock versions " + dataset
                        + " --store URL'");
    }

    private static List<RollbackReport.Moved> moved(String first, Catalog before, Catalog after) {
        List<RollbackReport.Moved> moved = new ArrayList<>();
        for (DatasetEntry now : after.getDatasetsList()) {
            DatasetEntry old = CatalogSnapshot.findDataset(before, now.getName());
            if (old != null && old.getCurrent() != now.getCurrent()) {
                RollbackReport.Moved move = new RollbackReport.Moved(
                        now.getName(), currentNumber(old), currentNumber(now), now.getRevision());
                moved.add(now.getName().equals(first) ? 0 : moved.size(), move);
            }
        }
        return moved;
    }

    private static long currentNumber(DatasetEntry dataset) {
        VersionEntry current = CatalogSnapshot.findVersion(dataset, dataset.getCurrent());
        return current == null ? 0 : current.getNumber();
    }

    private void requireWhole(List<RollbackReport.Moved> targets, Catalog catalog) {
        try (BlobWriter blobs = store.openWriter()) {
            for (RollbackReport.Moved target : targets) {
                for (VersionEntry version : entry(catalog, target.dataset()).getVersionsList()) {
                    if (version.getNumber() == target.to()) {
                        StoredBlobs stored = new StoredBlobs(blobs, new DatasetId(namespace, target.dataset()));
                        WholeVersion.require(stored, target.to(), version.getGeneration());
                    }
                }
            }
        }
    }
}
