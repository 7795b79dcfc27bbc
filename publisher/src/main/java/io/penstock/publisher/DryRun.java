package io.penstock.publisher;

import io.penstock.publisher.plan.ContractCheck;
import io.penstock.publisher.plan.History;
import io.penstock.publisher.slot.Heartbeat;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.catalog.CatalogSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a publication would do: everything up to the diff and the guardrails, without a slot and without a
 * write. It says in presence which version it compares with, so that no collector deletes it meanwhile.
 */
final class DryRun {
    private final Session session;
    private final Publication publication;
    private final StoredBlobs stored;
    private final StepTimes times = new StepTimes();

    DryRun(Session session, Publication publication) {
        this.session = session;
        this.publication = publication;
        this.stored = new StoredBlobs(session.blobs(), publication.dataset());
    }

    PublicationPlan run() {
        session.store().checkHealth();
        Optional<CatalogSnapshot> found = session.catalog().read();
        if (found.isEmpty()) {
            return preparation().plan(History.EMPTY, 0, List.of());
        }
        try (Heartbeat heartbeat = session.newHeartbeat(found.get().catalog().getStoreId())) {
            DatasetEntry entry = announceParent(found.get().catalog(), heartbeat);
            History history = History.read(entry, entry == null ? 0 : entry.getCurrent(), stored);
            List<String> refusals = new ArrayList<>(
                    ContractCheck.findings(history, publication.contract(), publication.seesAllValues()));
            if (entry != null && entry.hasPause()) {
                refusals.add("paused by " + entry.getPause().getBy() + ": "
                        + entry.getPause().getReason());
            }
            session.reached(Step.PLANNED, publication.dataset());
            return preparation().plan(history, number(entry), refusals);
        }
    }

    private VersionPreparation preparation() {
        return new VersionPreparation(session, publication, stored, times);
    }

    /** Names the current version in presence until the catalog, read again, still has it. */
    private @Nullable DatasetEntry announceParent(Catalog first, Heartbeat heartbeat) {
        DatasetEntry entry =
                CatalogSnapshot.findDataset(first, publication.contract().dataset());
        while (entry != null && entry.getCurrent() != 0) {
            heartbeat.announce(List.of(), List.of(entry.getCurrent()));
            DatasetEntry again =
                    session.catalog().require().dataset(publication.contract().dataset());
            if (again != null && again.getCurrent() == entry.getCurrent()) {
                return again;
            }
            entry = again;
        }
        return entry;
    }

    private static long number(@Nullable DatasetEntry entry) {
        VersionEntry current = entry == null ? null : CatalogSnapshot.findVersion(entry, entry.getCurrent());
        return current == null ? 0 : current.getNumber();
    }
}
