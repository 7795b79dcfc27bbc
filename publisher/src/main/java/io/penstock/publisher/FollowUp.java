package io.penstock.publisher;

import io.penstock.publisher.adopt.Adoption;
import io.penstock.publisher.adopt.AdoptionWatch;
import io.penstock.publisher.collect.Collector;
import io.penstock.publisher.collect.GcOptions;
import io.penstock.publisher.collect.GcReport;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.write.WrittenChunk;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Move;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What comes after a version is current: the barrier, its intents, adoption, retention, the collector. Nothing in here
 * can undo the commit, so a failure becomes a warning.
 */
final class FollowUp {
    /** Servers hold the version before the current one, so a short while says nothing. */
    private static final Duration BLOCKED_FOR_LONG = Duration.ofMinutes(10);

    private final Session session;
    private final Publication publication;
    private final PreparedVersion version;
    private final StepTimes times;
    private final DatasetId dataset;
    private final List<String> warnings = new ArrayList<>();
    private boolean durable = true;

    FollowUp(Session session, Publication publication, PreparedVersion version, StepTimes times) {
        this.session = session;
        this.publication = publication;
        this.version = version;
        this.times = times;
        this.dataset = publication.dataset();
    }

    /** Makes the commit durable and removes what only a crash would have needed; for all datasets before adoption. */
    void settle() {
        try {
            times.run("barrier", () -> Stages.await(session.blobs().barrier()));
            session.reached(Step.COMMIT_DURABLE, dataset);
        } catch (RuntimeException e) {
            durable = false;
            warnings.add("the store could not confirm that everything would survive a failure: "
                    + Failures.of(e).getMessage());
        }
        attempt("intents", "the collector deletes the intents later", this::deleteIntents);
    }

    private void deleteIntents() {
        List<BlobAddress> intents = new ArrayList<>();
        for (WrittenChunk chunk : version.written()) {
            intents.add(BlobAddress.intent(dataset, version.slot().getGeneration(), chunk.chunk()));
            if (intents.size() == 1_024) {
                Stages.await(session.blobs().delete(intents));
                intents = new ArrayList<>();
            }
        }
        if (!intents.isEmpty()) {
            Stages.await(session.blobs().delete(intents));
        }
        session.reached(Step.INTENTS_DELETED, dataset);
    }

    /**
     * Waits for servers, retires, collects, and reports.
     *
     * @param catalog in which the version is current
     * @param adoptionTimeout what is left of the time to wait for servers
     */
    PublicationReport finish(Catalog catalog, Duration adoptionTimeout) {
        long generation = version.manifest().getGeneration();
        long revision = revision(catalog, generation);
        Adoption adoption = awaitAdoption(generation, revision, adoptionTimeout);
        attempt("retire", "the next publication retires old versions", this::retire);
        GcReport collected = collect();
        warnings.addAll(adoption.warnings());
        if (version.diff().changes().bucketsUnreadable() > 0) {
            warnings.add(version.diff().changes().bucketsUnreadable()
                    + " buckets of the version before could not be read; their rows count as updated, and rows that went"
                    + " with them are not counted");
        }
        boolean complete = adoption.complete() && durable;
        Outcome settled = version.isUnchanged() ? Outcome.UNCHANGED : Outcome.PUBLISHED;
        return new PublicationReport(
                complete ? settled : Outcome.ADOPTION_INCOMPLETE,
                dataset,
                version.manifest(),
                !version.isUnchanged(),
                revision,
                version.diff().changes().bucketsHealed(),
                version.diff().changes().bucketsUnreadable(),
                times.millisByStep(),
                adoption,
                List.copyOf(warnings),
                collected);
    }

    private Adoption awaitAdoption(long generation, long revision, Duration timeout) {
        try {
            session.reached(Step.AWAITING_ADOPTION, dataset);
            Adoption adoption = times.time(
                    "adoption",
                    () -> new AdoptionWatch(session.presence(), timeout).await(dataset.name(), generation, revision));
            session.reached(Step.ADOPTION_AWAITED, dataset);
            return adoption;
        } catch (RuntimeException e) {
            return Adoption.unknown(dataset + " is committed, but the wait for servers ended early: "
                    + Failures.of(e).getMessage());
        }
    }

    private long revision(Catalog catalog, long generation) {
        DatasetEntry entry = CatalogSnapshot.findDataset(catalog, dataset.name());
        if (entry == null) {
            return 0;
        }
        for (int i = entry.getMovesCount() - 1; i >= 0; i--) {
            Move move = entry.getMoves(i);
            if (move.getGeneration() == generation) {
                return move.getRevision();
            }
        }
        return entry.getRevision();
    }

    private void retire() {
        try {
            session.catalog()
                    .apply(
                            session.randomId(),
                            CatalogTransitions.retire(dataset.name(), publication.retention(), session.now()));
        } catch (CatalogRefusedException e) {
            throw Failures.of(e);
        }
        session.reached(Step.RETIRED, dataset);
    }

    private @Nullable GcReport collect() {
        try {
            GcOptions options = GcOptions.DEFAULTS
                    .withGrace(session.options().grace())
                    .withPresenceTtl(session.options().presenceTtl())
                    .withDatasets(Set.of(dataset.name()))
                    .withAbandonSilent(false);
            GcReport report = times.time(
                    "collect",
                    () -> new Collector(
                                    session.store(),
                                    session.namespace(),
                                    session.clock(),
                                    session.random(),
                                    session.observer())
                            .collect(options));
            warnings.addAll(report.warnings());
            for (GcReport.Blocked blocked : report.blocked()) {
                if (blocked.since().plus(BLOCKED_FOR_LONG).isBefore(session.now())) {
                    warnings.add(dataset.name() + ": version " + blocked.number() + " is retired since "
                            + blocked.since() + " but still held by " + blocked.by());
                }
            }
            return report;
        } catch (RuntimeException e) {
            warnings.add("old versions were not collected, the next publication tries again: "
                    + Failures.of(e).getMessage());
            return null;
        }
    }

    private void attempt(String step, String consequence, Runnable body) {
        try {
            times.run(step, body);
        } catch (RuntimeException e) {
            warnings.add(step + ": " + Failures.of(e).getMessage() + "; " + consequence);
        }
    }
}
