package io.penstock.publisher;

import com.google.protobuf.ByteString;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.compare.RowLookup;
import io.penstock.publisher.erase.ErasedKeys;
import io.penstock.publisher.erase.Removals;
import io.penstock.publisher.guardrail.GuardrailChecks;
import io.penstock.publisher.stored.ContractReader;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransition;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.catalog.ErasedHashes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Erases keys: notes them while it holds the dataset's slot, so that no publication in progress can have missed them;
 * publishes the current version without them; and, once servers serve it, purges every version that holds one. Run again,
 * it goes on where it was interrupted.
 */
final class Erasing {
    private final Session session;
    private final DatasetId dataset;
    private final List<byte[]> keys;
    private final String reason;
    private final StoredBlobs stored;
    private int newlyErased;

    Erasing(Session session, DatasetId dataset, List<byte[]> keys, String reason) {
        this.session = session;
        this.dataset = dataset;
        this.keys = keys;
        this.reason = reason;
        this.stored = new StoredBlobs(session.blobs(), dataset);
    }

    ErasureReport run() {
        DatasetEntry entry = entry(session.catalog().require().catalog());
        Manifest current = manifest(entry);
        Removals removals = new Removals(keys);
        Publication.Builder publication = Publication.builder(
                        dataset.namespace(), ContractReader.read(current.getContract()), removals)
                .mode(Mode.MODE_UPSERT)
                .retention(Integer.MAX_VALUE);
        current.getLabelsMap().forEach(publication::label);
        GuardrailChecks.NAMES.forEach(check -> publication.override(check, "erasure: " + reason));
        PublicationReport published = new PublishPipeline(session, List.of(publication.build()), begun -> {
                    Catalog noted = note(begun);
                    removals.from(manifest(entry(noted)));
                    return noted;
                })
                .run()
                .get(0);
        DatasetEntry after = entry(session.catalog().require().catalog());
        // A rollback meanwhile may have brought a version back that holds them.
        boolean complete = published.outcome() != Outcome.ADOPTION_INCOMPLETE && !holdsAny(current(after));
        List<Long> purged = complete ? purge(after) : List.of();
        return new ErasureReport(
                published, newlyErased, ErasedKeys.of(after.getErasure()).size(), purged, complete);
    }

    int lift() {
        DatasetEntry entry = entry(session.catalog().require().catalog());
        if (!entry.hasErasure()) {
            return 0;
        }
        ByteString hashKey = entry.getErasure().getHashKey();
        Set<ByteString> hashes = ErasedKeys.hashes(hashKey, keys);
        Set<ByteString> before = ErasedHashes.of(entry.getErasure());
        int lifted = (int) hashes.stream().filter(before::contains).count();
        apply(CatalogTransitions.lift(dataset.name(), hashKey, hashes, reason, session.by(), session.now()));
        return lifted;
    }

    private Catalog note(Catalog begun) {
        DatasetEntry entry = entry(begun);
        ByteString hashKey =
                entry.hasErasure() ? entry.getErasure().getHashKey() : ErasedKeys.newHashKey(session.random());
        Set<ByteString> hashes = ErasedKeys.hashes(hashKey, keys);
        Set<ByteString> before = ErasedHashes.of(entry.getErasure());
        newlyErased =
                (int) hashes.stream().filter(hash -> !before.contains(hash)).count();
        return apply(CatalogTransitions.erase(
                dataset.name(), entry.getSlot().getGeneration(), hashKey, hashes, reason, session.by(), session.now()));
    }

    /** Begins to delete every version but the current one that holds a key, or of which that is not known. */
    private List<Long> purge(DatasetEntry entry) {
        TreeMap<Long, Long> holding = new TreeMap<>();
        for (VersionEntry version : entry.getVersionsList()) {
            boolean deleted = version.getState() == VersionEntry.State.STATE_RETIRING;
            if (version.getGeneration() != entry.getCurrent() && !deleted && holdsAny(version)) {
                holding.put(version.getNumber(), version.getGeneration());
            }
        }
        if (!holding.isEmpty()) {
            apply(CatalogTransitions.purge(
                    dataset.name(), new HashSet<>(holding.values()), reason, session.by(), session.now()));
        }
        return new ArrayList<>(holding.keySet());
    }

    private static VersionEntry current(DatasetEntry entry) {
        return Objects.requireNonNull(
                CatalogSnapshot.findVersion(entry, entry.getCurrent()), "the current version's entry");
    }

    private boolean holdsAny(VersionEntry version) {
        Manifest manifest = stored.manifest(version.getGeneration()).value();
        if (manifest == null) {
            return true;
        }
        RowLookup lookup = new RowLookup(stored);
        try {
            for (byte[] key : keys) {
                if (lookup.find(manifest, key) != null) {
                    return true;
                }
            }
        } catch (PublisherException e) {
            if (e.category() == Category.DATA_LOSS) {
                return true; // it may, and nobody can go back to it anyway
            }
            throw e;
        }
        return false;
    }

    private Catalog apply(CatalogTransition transition) {
        try {
            return session.catalog().apply(session.randomId(), transition);
        } catch (CatalogRefusedException e) {
            throw Failures.of(e);
        }
    }

    private DatasetEntry entry(Catalog catalog) {
        DatasetEntry entry = CatalogSnapshot.findDataset(catalog, dataset.name());
        if (entry == null || entry.getCurrent() == 0) {
            throw new PublisherException(
                    Category.NOT_FOUND,
                    "UNKNOWN_DATASET",
                    dataset + ": nothing was published of such a dataset; see 'penstock datasets --store URL'");
        }
        return entry;
    }

    private Manifest manifest(DatasetEntry entry) {
        Stored<Manifest> read = stored.manifest(entry.getCurrent());
        Manifest manifest = read.value();
        if (manifest == null) {
            throw new PublisherException(
                    Category.DATA_LOSS,
                    "VERSION_DAMAGED",
                    dataset + ": the current version's manifest is " + read.state()
                            + "; publish a snapshot of the data without the keys, and then erase them");
        }
        return manifest;
    }
}
