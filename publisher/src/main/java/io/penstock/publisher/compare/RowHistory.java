package io.penstock.publisher.compare;

import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Move;
import io.penstock.storage.v1.Row;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.catalog.CatalogSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The life of one row as readers saw it: through every move the catalog still lists, rollbacks included, as far as the
 * versions moved to are still stored. Two look-ups a version.
 */
public final class RowHistory {
    private final StoredBlobs stored;
    private final RowLookup lookup;
    private final DatasetEntry dataset;
    private final Map<Long, Manifest> manifests = new HashMap<>();

    /** @param dataset as the catalog has it */
    public RowHistory(StoredBlobs stored, DatasetEntry dataset) {
        this.stored = stored;
        this.lookup = new RowLookup(stored);
        this.dataset = dataset;
    }

    /**
     * One moment for each move, oldest first.
     *
     * @throws io.penstock.publisher.PublisherException {@code DATA_LOSS} if a version that is listed cannot be read
     */
    public List<RowMoment> of(byte[] key) {
        List<RowMoment> moments = new ArrayList<>();
        boolean known = dataset.getMovesCount() > 0 && dataset.getMoves(0).getRevision() == 1;
        Row row = null;
        for (Move move : dataset.getMovesList()) {
            Instant movedAt = Instant.ofEpochSecond(
                    move.getMovedAt().getSeconds(), move.getMovedAt().getNanos());
            VersionEntry entry = CatalogSnapshot.findVersion(dataset, move.getGeneration());
            boolean rollback = entry != null && entry.getGroup() != move.getOperationId();
            long number = entry == null ? 0 : entry.getNumber();
            if (entry == null || entry.getState() == VersionEntry.State.STATE_RETIRING) {
                moments.add(new RowMoment(
                        move.getRevision(), movedAt, rollback, number, null, RowMoment.Change.UNKNOWN, null));
                known = false;
                row = null;
                continue;
            }
            Manifest version = manifest(entry);
            Row now = lookup.find(version, key);
            moments.add(new RowMoment(
                    move.getRevision(), movedAt, rollback, number, version, change(known, row, now), now));
            known = true;
            row = now;
        }
        return moments;
    }

    private static RowMoment.Change change(boolean known, @Nullable Row before, @Nullable Row now) {
        if (!known) {
            return now == null ? RowMoment.Change.ABSENT : RowMoment.Change.PRESENT;
        }
        if (before == null) {
            return now == null ? RowMoment.Change.UNCHANGED : RowMoment.Change.ADDED;
        }
        if (now == null) {
            return RowMoment.Change.REMOVED;
        }
        return before.equals(now) ? RowMoment.Change.UNCHANGED : RowMoment.Change.UPDATED;
    }

    private Manifest manifest(VersionEntry version) {
        Manifest present = manifests.get(version.getGeneration());
        if (present != null) {
            return present;
        }
        Stored<Manifest> read = stored.manifest(version.getGeneration());
        if (read.value() == null) {
            throw VersionComparison.damaged(
                    stored,
                    Manifest.newBuilder().setNumber(version.getNumber()).build(),
                    "its manifest is " + read.state());
        }
        manifests.put(version.getGeneration(), read.value());
        return read.value();
    }
}
