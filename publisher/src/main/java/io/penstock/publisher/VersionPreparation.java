package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.diff.Changes;
import io.penstock.publisher.diff.Parent;
import io.penstock.publisher.diff.VersionDiff;
import io.penstock.publisher.guardrail.Candidate;
import io.penstock.publisher.guardrail.Check;
import io.penstock.publisher.guardrail.CheckRun;
import io.penstock.publisher.guardrail.GuardrailChecks;
import io.penstock.publisher.plan.History;
import io.penstock.publisher.slot.Heartbeat;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.verify.ReadBack;
import io.penstock.publisher.verify.RowAccounting;
import io.penstock.publisher.write.BucketStream;
import io.penstock.publisher.write.RowLimits;
import io.penstock.publisher.write.VersionSink;
import io.penstock.publisher.write.VersionWriter;
import io.penstock.publisher.write.WrittenChunk;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.Slot;
import io.penstock.store.DatasetId;
import io.penstock.store.Headroom;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogTransitions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Read, diff, write and verify: everything between taking a dataset's slot and committing it. Used once. */
final class VersionPreparation {
    private final Session session;
    private final Publication publication;
    private final DatasetId dataset;
    private final StoredBlobs stored;
    private final StepTimes times;

    VersionPreparation(Session session, Publication publication, StoredBlobs stored, StepTimes times) {
        this.session = session;
        this.publication = publication;
        this.dataset = publication.dataset();
        this.stored = stored;
        this.times = times;
    }

    /** Makes the slot's version ready to be committed, or finds that it would be the parent again. */
    PreparedVersion prepare(Slot slot, History before, Heartbeat heartbeat) {
        History history = compared(before);
        try (RowsRead rows = times.time("read", () -> read(history))) {
            requireHeadroom(rows, history.parent());
            VersionWriter writer = new VersionWriter(
                    session.blobs(),
                    dataset,
                    slot.getGeneration(),
                    rows.layout(),
                    guard(slot, rows, heartbeat),
                    session.observer());
            VersionDiff.Result diff =
                    times.time("write", () -> diff(slot.getGeneration(), rows, history.parent(), writer));
            session.reached(
                    Step.WRITTEN,
                    dataset + ": " + diff.changes().bucketsWritten() + " buckets written, "
                            + diff.changes().bucketsKept() + " kept");
            Manifest parent = history.parent().manifest();
            if (ManifestMaker.isUnchanged(publication, parent, rows, diff, session.now())) {
                return PreparedVersion.unchanged(slot, Objects.requireNonNull(parent), diff);
            }
            CheckRun checks = times.time("verify", () -> verify(slot, history, rows, diff, writer.written()));
            checks.requirePassed(dataset.toString());
            session.reached(Step.VERIFIED, dataset);
            Manifest manifest = ManifestMaker.make(
                    publication, slot, history, rows, diff, checks.results(), session.by(), session.now());
            times.run("manifest", () -> write(manifest, writer, guard(slot, rows, heartbeat)));
            return new PreparedVersion(slot, manifest, diff, false, writer.written(), checks.overridden());
        }
    }

    /** Finds out what a publication would do, and writes nothing. */
    PublicationPlan plan(History before, long parentNumber, List<String> refusals) {
        History history = compared(before);
        try (RowsRead rows = times.time("read", () -> read(history))) {
            VersionDiff.Result diff =
                    times.time("diff", () -> diff(session.randomId(), rows, history.parent(), VersionSink.NOWHERE));
            CheckRun checks = CheckRun.of(guardrails(history, rows, diff.changes()), publication.overrides());
            List<String> all = new ArrayList<>(refusals);
            checks.failed().forEach(failed -> all.add(failed.getCheck() + ": " + failed.getDetail()));
            Headroom headroom = session.store().headroom();
            if (!headroom.fits(diff.changes().bytesWritten())) {
                all.add("no headroom for " + diff.changes().bytesWritten() + " bytes in the store");
            }
            boolean fullRewrite = !history.parent().hasLayout(rows.layout());
            return new PublicationPlan(
                    dataset,
                    parentNumber,
                    ManifestMaker.isUnchanged(publication, history.parent().manifest(), rows, diff, session.now()),
                    fullRewrite,
                    rows.layout(),
                    rows.dataAsOf(),
                    rows.dataAsOfAssumed(),
                    diff.changes(),
                    rows.erased(),
                    checks.results(),
                    List.copyOf(all),
                    headroom,
                    times.millisByStep());
        }
    }

    private History compared(History before) {
        return session.options().rewrite() ? before.takingNothingOver() : before;
    }

    private RowsRead read(History history) {
        session.reached(Step.READING, dataset + " from " + publication.source().describe());
        RowsRead rows;
        try {
            rows = RowsRead.read(
                    publication,
                    session.newSorter(),
                    history.parent().layout(),
                    history.erased(),
                    session.random().nextLong(),
                    limits(),
                    session.clock(),
                    count -> session.reached(Step.ROWS_READ, dataset + ": " + count + " rows"));
        } catch (SourceException e) {
            throw new SourceException(e.category(), e.code(), dataset + ": " + e.getMessage(), e.getCause());
        }
        session.reached(Step.READ, dataset + ": " + rows.statistics().rows() + " rows");
        session.reached(Step.LAYOUT_CHOSEN, dataset + ": " + rows.layout());
        return rows;
    }

    private RowLimits limits() {
        return new RowLimits(dataset.toString(), session.options().showKeys());
    }

    private void requireHeadroom(RowsRead rows, Parent parent) {
        boolean fullRewrite = !parent.hasLayout(rows.layout());
        Headroom headroom = session.store().headroom();
        if (fullRewrite && !headroom.fits(rows.statistics().bytes())) {
            throw new PublisherException(
                    Category.REFUSED,
                    "NO_HEADROOM",
                    dataset + ": " + rows.statistics().bytes() + " bytes do not fit the store, which holds "
                            + headroom.usedBytes() + " of " + headroom.maxBytes()
                            + "; give it more room, or keep fewer versions");
        }
    }

    private VersionDiff.Result diff(long generation, RowsRead rows, Parent parent, VersionSink sink) {
        BucketStream buckets = new BucketStream(rows.sorter().sorted(), rows.layout(), limits());
        return new VersionDiff(generation, rows.layout(), parent, lostBuckets(), stored, sink).run(buckets);
    }

    /** What live servers could not read. */
    private Set<LostBucket> lostBuckets() {
        Set<LostBucket> lost = new HashSet<>();
        for (PresenceRecord record : Stages.await(session.presence().list())) {
            for (HeldDataset held : record.getServer().getDatasetsList()) {
                if (held.getDataset().equals(dataset.name())) {
                    lost.addAll(held.getLostList());
                }
            }
        }
        return lost;
    }

    private VersionWriter.Guard guard(Slot slot, RowsRead rows, Heartbeat heartbeat) {
        return new VersionWriter.Guard() {
            @Override
            public void checkAlive() {
                heartbeat.check();
            }

            @Override
            public void recordLayout() {
                try {
                    session.catalog()
                            .apply(
                                    session.randomId(),
                                    CatalogTransitions.layOut(
                                            dataset.name(),
                                            slot.getGeneration(),
                                            rows.layout().toProto()));
                } catch (CatalogRefusedException e) {
                    throw Failures.of(e);
                }
                session.reached(Step.LAYOUT_RECORDED, dataset + ": " + rows.layout());
            }
        };
    }

    private List<Check> guardrails(History history, RowsRead rows, Changes changes) {
        Candidate candidate = new Candidate(
                rows.statistics().rows(),
                rows.fieldProfiles(publication.contract()),
                publication.contract().descriptor(),
                rows.dataAsOf(),
                rows.dataAsOfAssumed(),
                history.parent(),
                changes,
                session.now(),
                history.unreadable(),
                rows.canaries().found());
        return GuardrailChecks.of(candidate, publication.guardrails());
    }

    private CheckRun verify(
            Slot slot, History history, RowsRead rows, VersionDiff.Result diff, List<WrittenChunk> written) {
        session.reached(Step.VERIFYING, dataset);
        List<Check> checks = new ArrayList<>(guardrails(history, rows, diff.changes()));
        checks.add(new RowAccounting(
                rows.statistics().rows(), diff.changes(), history.parent().manifest()));
        checks.add(new ReadBack(
                stored,
                slot.getGeneration(),
                rows.layout(),
                written,
                diff.changes().bucketsWritten(),
                diff.changes().bytesWritten(),
                session.options().readBackBuckets(),
                session.random()));
        return CheckRun.of(checks, publication.overrides());
    }

    private void write(Manifest manifest, VersionWriter writer, VersionWriter.Guard guard) {
        session.reached(Step.MANIFEST_READY, dataset);
        if (writer.written().isEmpty()) {
            guard.recordLayout(); // no bucket was written, so this is the first blob
        }
        guard.checkAlive();
        BlobAddress address = BlobAddress.manifest(dataset, manifest.getGeneration());
        Stages.await(session.blobs().put(List.of(Blob.of(address, manifest.toByteArray()))));
        Stored<Manifest> read = stored.manifest(manifest.getGeneration());
        if (!manifest.equals(read.value())) {
            throw new PublisherException(
                    Category.DATA_LOSS,
                    "VERIFICATION_FAILED",
                    dataset + ": not published, the store does not hold the manifest that was written: " + address
                            + " is " + read.state());
        }
        session.reached(Step.MANIFEST_WRITTEN, dataset);
    }
}
