package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.plan.ContractCheck;
import io.penstock.publisher.plan.History;
import io.penstock.publisher.slot.Heartbeat;
import io.penstock.publisher.slot.SilenceWatch;
import io.penstock.publisher.slot.SlotTaker;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Slot;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;

/**
 * One publication of one or several datasets from beginning to end: plan, begin, read, diff, write, verify, commit, await
 * adoption, collect. Whatever fails before the commit, the slots are given up; an {@link Error} is taken for a crash and
 * leaves them to whoever finds this publisher silent.
 */
final class PublishPipeline {
    private final Session session;
    private final UnaryOperator<Catalog> afterBegin;
    private final List<Part> parts = new ArrayList<>();

    PublishPipeline(Session session, List<Publication> publications) {
        this(session, publications, begun -> begun);
    }

    /** @param afterBegin runs while the slots are held and before anything is read; returns the catalog to go on with */
    PublishPipeline(Session session, List<Publication> publications, UnaryOperator<Catalog> afterBegin) {
        this.session = session;
        this.afterBegin = afterBegin;
        for (Publication publication : publications) {
            StoredBlobs stored = new StoredBlobs(session.blobs(), publication.dataset());
            parts.add(new Part(publication, session.randomId(), stored, new StepTimes()));
        }
    }

    /** One dataset of the publication. */
    private record Part(Publication publication, long generation, StoredBlobs stored, StepTimes times) {
        String name() {
            return publication.contract().dataset();
        }
    }

    List<PublicationReport> run() {
        session.store().checkHealth();
        CatalogSnapshot found = session.findOrCreateCatalog();
        for (Part part : parts) {
            part.times().run("plan", () -> plan(part, found.catalog()));
        }
        List<PreparedVersion> versions;
        Catalog catalog;
        try (Heartbeat heartbeat = session.newHeartbeat(found.catalog().getStoreId())) {
            heartbeat.announce(generations(), List.of());
            session.reached(Step.ANNOUNCED, heartbeat.id());
            try {
                Catalog begun = afterBegin.apply(begin(heartbeat));
                versions = prepare(begun, heartbeat);
                catalog = commit(begun, versions, heartbeat);
            } catch (CommitStep.OutcomeUnknownException e) {
                throw e;
            } catch (RuntimeException e) {
                abandonAll(e);
                throw e;
            }
        }
        try {
            return followUp(versions, catalog);
        } catch (RuntimeException e) {
            throw Thread.currentThread().isInterrupted() ? interruptedAfterCommit(versions, e) : e;
        }
    }

    private static PublisherException interruptedAfterCommit(List<PreparedVersion> versions, RuntimeException cause) {
        StringJoiner current = new StringJoiner(", ");
        for (PreparedVersion version : versions) {
            current.add(version.manifest().getDataset() + " version "
                    + version.manifest().getNumber());
        }
        return new PublisherException(
                Category.UNAVAILABLE,
                "INTERRUPTED",
                "interrupted while servers were awaited: " + current
                        + " is current, but not known to be served everywhere; see 'penstock servers'",
                cause);
    }

    private void plan(Part part, Catalog catalog) {
        DatasetEntry entry = CatalogSnapshot.findDataset(catalog, part.name());
        History history = History.read(entry, entry == null ? 0 : entry.getCurrent(), part.stored());
        requirePublishable(history, part.publication());
        session.reached(Step.PLANNED, part.publication().dataset());
    }

    /** Removing rows says nothing new of a contract, even if a later one was rolled back. */
    private static void requirePublishable(History history, Publication publication) {
        Manifest parent = history.parent().manifest();
        boolean saysTheSame = publication.source().removesOnly()
                && parent != null
                && parent.getContract()
                        .getDigest()
                        .equals(publication.contract().digest());
        if (!saysTheSame) {
            ContractCheck.require(history, publication.contract(), publication.seesAllValues());
        }
    }

    private List<Long> generations() {
        return parts.stream().map(Part::generation).toList();
    }

    private Catalog begin(Heartbeat heartbeat) {
        PublisherOptions options = session.options();
        SilenceWatch watch = new SilenceWatch(session.presence(), options.heartbeatInterval(), options.heartbeatTtl());
        SlotTaker taker = new SlotTaker(
                session.catalog(),
                watch,
                session.clock(),
                session.by(),
                busy -> session.reached(Step.SLOT_WATCHED, busy));
        List<Beginning> beginnings = new ArrayList<>();
        parts.forEach(part -> beginnings.add(new Beginning(part.name(), part.generation())));
        Catalog catalog =
                parts.get(0).times().time("begin", () -> taker.take(session.randomId(), beginnings, heartbeat.id()));
        session.reached(Step.SLOT_TAKEN, heartbeat.id());
        heartbeat.announce(
                generations(),
                parts.stream()
                        .map(part -> slot(catalog, part).getParent())
                        .filter(parent -> parent != 0)
                        .toList());
        heartbeat.watchSlots(this::holdsSlots);
        return catalog;
    }

    private boolean holdsSlots() {
        Catalog now = session.catalog().require().catalog();
        return parts.stream().allMatch(part -> Session.holdsSlot(now, part.name(), part.generation()));
    }

    private static Slot slot(Catalog catalog, Part part) {
        return Objects.requireNonNull(CatalogSnapshot.findDataset(catalog, part.name()), part.name())
                .getSlot();
    }

    private List<PreparedVersion> prepare(Catalog begun, Heartbeat heartbeat) {
        List<PreparedVersion> versions = new ArrayList<>();
        for (Part part : parts) {
            Slot slot = slot(begun, part);
            DatasetEntry entry = CatalogSnapshot.findDataset(begun, part.name());
            // Read again: the catalog may have moved since the plan, and from here on it cannot.
            History history = History.read(entry, slot.getParent(), part.stored());
            requirePublishable(history, part.publication());
            session.reached(Step.PARENT_LOADED, part.publication().dataset() + ": version " + slot.getNumber());
            versions.add(new VersionPreparation(session, part.publication(), part.stored(), part.times())
                    .prepare(slot, history, heartbeat));
        }
        return versions;
    }

    private Catalog commit(Catalog begun, List<PreparedVersion> versions, Heartbeat heartbeat) {
        List<PreparedVersion> changed =
                versions.stream().filter(version -> !version.isUnchanged()).toList();
        if (!changed.isEmpty()) {
            heartbeat.check(); // before a slot is given up, for it looks for all of them
        }
        for (PreparedVersion version : versions) {
            if (version.isUnchanged()) {
                abandon(version.manifest().getDataset(), version.slot().getGeneration());
            }
        }
        Catalog catalog = begun;
        if (!changed.isEmpty()) {
            catalog = parts.get(0).times().time("commit", () -> new CommitStep(session).commit(changed));
        }
        return catalog;
    }

    /** An interrupt waits meanwhile: it is the reason to give the slots up, not to keep them. */
    private void abandonAll(RuntimeException reason) {
        boolean interrupted = Thread.interrupted();
        for (Part part : parts) {
            try {
                abandon(part.name(), part.generation());
            } catch (RuntimeException e) {
                if (e != reason) {
                    reason.addSuppressed(e);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void abandon(String dataset, long generation) {
        try {
            session.catalog().apply(session.randomId(), CatalogTransitions.abandon(dataset, generation, session.now()));
        } catch (CatalogRefusedException e) {
            if (e.reason() != CatalogRefusedException.Reason.UNKNOWN_DATASET) {
                throw Failures.of(e);
            }
        }
    }

    private List<PublicationReport> followUp(List<PreparedVersion> versions, Catalog catalog) {
        List<FollowUp> followUps = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            followUps.add(new FollowUp(session, part.publication(), versions.get(i), part.times()));
        }
        followUps.forEach(FollowUp::settle);
        long deadline = System.nanoTime() + session.options().adoptionTimeout().toNanos();
        List<PublicationReport> reports = new ArrayList<>();
        for (FollowUp followUp : followUps) {
            long left = Math.max(0, deadline - System.nanoTime());
            reports.add(followUp.finish(catalog, Duration.ofNanos(left)));
        }
        return reports;
    }
}
