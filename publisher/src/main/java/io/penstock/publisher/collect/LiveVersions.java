package io.penstock.publisher.collect;

import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.storage.v1.VersionEntry.State;
import io.penstock.store.catalog.CatalogSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The versions of a dataset whose blobs somebody may still read: current, kept, rolled back and not yet retiring,
 * retiring within its grace, held by a server, compared with by a publisher, parent of a slot.
 *
 * <p>The catalog must have been read before presence. A server writes down what it is about to load, and loads it only if
 * the catalog, read again, still keeps it; so one that is not seen here will not load what is being deleted.
 */
final class LiveVersions {
    private final DatasetEntry dataset;
    private final Map<Long, String> holders = new LinkedHashMap<>();
    private final Map<Long, Boolean> live = new LinkedHashMap<>();
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private LiveVersions(DatasetEntry dataset) {
        this.dataset = dataset;
    }

    static LiveVersions read(
            DatasetEntry dataset, List<PresenceRecord> present, Duration grace, Instant now, StoredBlobs stored) {
        LiveVersions versions = new LiveVersions(dataset);
        versions.addListed(grace, now);
        present.forEach(versions::addHeld);
        versions.live.keySet().forEach(generation -> versions.readManifest(generation, stored));
        return versions;
    }

    private void addListed(Duration grace, Instant now) {
        for (VersionEntry version : dataset.getVersionsList()) {
            boolean retired = version.getState() == State.STATE_RETIRING
                    && !since(version).plus(grace).isAfter(now);
            if (!retired || version.getGeneration() == dataset.getCurrent()) {
                live.put(version.getGeneration(), true);
            }
        }
        if (dataset.hasSlot() && dataset.getSlot().getParent() != 0) {
            live.put(dataset.getSlot().getParent(), true);
        }
    }

    private void addHeld(PresenceRecord record) {
        for (HeldDataset held : record.getServer().getDatasetsList()) {
            if (held.getDataset().equals(dataset.getName())) {
                hold(held.getServing(), record);
                held.getHeldList().forEach(generation -> hold(generation, record));
            }
        }
        record.getPublisher().getParentsList().forEach(generation -> hold(generation, record));
    }

    private void hold(long generation, PresenceRecord record) {
        if (generation != 0) {
            live.put(generation, true);
            String address = record.hasServer() ? "server " + record.getServer().getAddress() : "publisher";
            holders.putIfAbsent(generation, address + " (" + record.getProcess() + ")");
        }
    }

    private void readManifest(long generation, StoredBlobs stored) {
        Stored<Manifest> read = stored.manifest(generation);
        Manifest manifest = read.value();
        if (manifest != null) {
            manifests.add(manifest);
            return;
        }
        VersionEntry listed = CatalogSnapshot.findVersion(dataset, generation);
        boolean mayBeGone = listed == null || listed.getState() == State.STATE_RETIRING;
        if (read.state() == Stored.State.MISSING && mayBeGone) {
            return; // collected already, or another dataset's
        }
        problems.add(dataset.getName() + ": the manifest of live version "
                + (listed == null ? "?" : listed.getNumber()) + " is " + read.state()
                + ", so what it needs is unknown and no version was deleted; publish a snapshot of the data");
    }

    static Instant since(VersionEntry version) {
        return Instant.ofEpochSecond(
                version.getStateSince().getSeconds(), version.getStateSince().getNanos());
    }

    boolean contains(long generation) {
        return live.containsKey(generation);
    }

    /** Who holds a generation, in words; empty if only the catalog does, or nobody. */
    Optional<String> holder(long generation) {
        return Optional.ofNullable(holders.get(generation));
    }

    List<Manifest> manifests() {
        return manifests;
    }

    /** Why it is not known what must be spared; empty as a rule. */
    List<String> problems() {
        return problems;
    }
}
