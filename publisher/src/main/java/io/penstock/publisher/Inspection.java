package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.compare.ComparisonReport;
import io.penstock.publisher.compare.RowDifference;
import io.penstock.publisher.compare.RowHistory;
import io.penstock.publisher.compare.RowLookup;
import io.penstock.publisher.compare.RowMoment;
import io.penstock.publisher.compare.RowPair;
import io.penstock.publisher.compare.VersionComparison;
import io.penstock.publisher.slot.Heartbeat;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.verify.AuditReport;
import io.penstock.publisher.verify.VersionAudit;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Remedies;
import io.penstock.store.catalog.CatalogSnapshot;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Looks into stored versions and changes nothing. Meanwhile it says in presence what it reads, so that no collector
 * deletes it under its hands.
 */
final class Inspection {
    private final Session session;
    private final DatasetId dataset;
    private final StoredBlobs stored;

    Inspection(Session session, DatasetId dataset) {
        this.session = session;
        this.dataset = dataset;
        this.stored = new StoredBlobs(session.blobs(), dataset);
    }

    AuditReport audit(OptionalLong number) {
        return holding(entry -> {
            VersionEntry version = number.isEmpty() ? current(entry) : version(entry, number.getAsLong());
            return new VersionAudit(stored, version, version.getGeneration() == entry.getCurrent()).run();
        });
    }

    ComparisonReport compare(long before, long after, Consumer<RowDifference> each) {
        return holding(entry -> new VersionComparison(
                        stored, manifest(version(entry, before)), manifest(version(entry, after)), each)
                .run());
    }

    RowPair compareRow(long before, long after, byte[] key) {
        return holding(entry -> {
            Manifest oldVersion = manifest(version(entry, before));
            Manifest newVersion = manifest(version(entry, after));
            RowLookup lookup = new RowLookup(stored);
            return new RowPair(oldVersion, lookup.find(oldVersion, key), newVersion, lookup.find(newVersion, key));
        });
    }

    List<RowMoment> history(byte[] key) {
        return holding(entry -> new RowHistory(stored, entry).of(key));
    }

    /** Names every version in presence until the catalog, read again, still lists them as they are. */
    private <T> T holding(Function<DatasetEntry, T> body) {
        CatalogSnapshot found = session.catalog().require();
        DatasetEntry entry = require(found);
        try (Heartbeat heartbeat = session.newHeartbeat(found.catalog().getStoreId())) {
            while (true) {
                heartbeat.announce(
                        List.of(),
                        entry.getVersionsList().stream()
                                .map(VersionEntry::getGeneration)
                                .toList());
                DatasetEntry again = require(session.catalog().require());
                if (again.getVersionsList().equals(entry.getVersionsList())) {
                    return body.apply(again);
                }
                entry = again;
            }
        }
    }

    private DatasetEntry require(CatalogSnapshot catalog) {
        DatasetEntry entry = catalog.dataset(dataset.name());
        if (entry == null) {
            throw new PublisherException(
                    Category.NOT_FOUND,
                    "UNKNOWN_DATASET",
                    dataset + ": the catalog has no such dataset; see 'penstock datasets --store URL'");
        }
        return entry;
    }

    private VersionEntry current(DatasetEntry entry) {
        VersionEntry current = CatalogSnapshot.findVersion(entry, entry.getCurrent());
        if (current == null) {
            throw unknown("nothing was published yet");
        }
        return current;
    }

    private VersionEntry version(DatasetEntry entry, long number) {
        for (VersionEntry version : entry.getVersionsList()) {
            if (version.getNumber() == number) {
                if (version.getState() == VersionEntry.State.STATE_RETIRING
                        && version.getGeneration() != entry.getCurrent()) {
                    throw unknown("version " + number + " is being deleted (retention or erasure)");
                }
                return version;
            }
        }
        throw unknown("there is no version " + number);
    }

    private PublisherException unknown(String what) {
        return new PublisherException(
                Category.NOT_FOUND,
                "UNKNOWN_VERSION",
                dataset + ": " + what + "; see 'penstock versions " + dataset.name() + " --store URL'");
    }

    private Manifest manifest(VersionEntry version) {
        Stored<Manifest> read = stored.manifest(version.getGeneration());
        if (read.value() == null) {
            throw new PublisherException(
                    Category.DATA_LOSS,
                    "VERSION_DAMAGED",
                    dataset + ": version " + version.getNumber() + " cannot be read: its manifest is " + read.state()
                            + "; " + Remedies.LOST_DATA);
        }
        return read.value();
    }
}
