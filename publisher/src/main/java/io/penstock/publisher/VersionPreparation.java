package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.compare.RowLookup;
import io.penstock.publisher.diff.NewVersion;
import io.penstock.publisher.diff.Parent;
import io.penstock.publisher.diff.RowChanges;
import io.penstock.publisher.diff.UnreadableParent;
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
import io.penstock.publisher.write.RowLimits;
import io.penstock.publisher.write.VersionSink;
import io.penstock.publisher.write.VersionWriter;
import io.penstock.publisher.write.WrittenChunk;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.Row;
import io.penstock.storage.v1.Slot;
import io.penstock.store.DatasetId;
import io.penstock.store.Headroom;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogTransitions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            ProfileUpdate profiles = new ProfileUpdate(
                    publication.contract().descriptor(),
                    history.parent().manifest(),
                    publication.source().removesOnly());
            NewVersion.Result diff = times.time(
                    "write",
                    () -> diff(slot.getGeneration(), slot.getNumber(), rows, history.parent(), writer, profiles));
            session.reached(
                    Step.WRITTEN,
                    dataset + ": " + diff.changes().bucketsWritten() + " buckets written, "
                            + diff.changes().bucketsKept() + " kept");
            Manifest parent = history.parent().manifest();
            boolean unchanged = ManifestMaker.isUnchanged(publication, parent, rows, diff, session.now());
            requireSameDelta(rows, diff);
            List<FieldProfile> fields = fieldProfiles(rows, profiles);
            if (unchanged) {
                // What is old or wrong is so, too, when it has not changed.
                CheckRun.of(guardrails(history, rows, diff, fields), publication.overrides())
                        .requirePassed(dataset.toString());
                return PreparedVersion.unchanged(slot, Objects.requireNonNull(parent), diff);
            }
            CheckRun checks = times.time("verify", () -> verify(slot, history, rows, diff, fields, writer.written()));
            checks.requirePassed(dataset.toString());
            session.reached(Step.VERIFIED, dataset);
            Manifest manifest = ManifestMaker.make(
                    publication, slot, history, rows, diff, fields, checks.results(), session.by(), session.now());
            times.run("manifest", () -> write(manifest, writer, guard(slot, rows, heartbeat)));
            return new PreparedVersion(slot, manifest, diff, false, writer.written(), checks.overridden());
        }
    }

    /** Finds out what a publication would do, and writes nothing. */
    PublicationPlan plan(History before, long parentNumber, List<String> refusals) {
        History history = compared(before);
        try (RowsRead rows = times.time("read", () -> read(history))) {
            ProfileUpdate profiles = new ProfileUpdate(
                    publication.contract().descriptor(),
                    history.parent().manifest(),
                    publication.source().removesOnly());
            NewVersion.Result diff = times.time(
                    "diff", () -> diff(session.randomId(), 0, rows, history.parent(), VersionSink.NOWHERE, profiles));
            requireSameDelta(rows, diff);
            List<FieldProfile> fields = fieldProfiles(rows, profiles);
            CheckRun checks = CheckRun.of(guardrails(history, rows, diff, fields), publication.overrides());
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

    private List<FieldProfile> fieldProfiles(RowsRead rows, ProfileUpdate profiles) {
        return isSnapshot() ? rows.fieldProfiles(publication.contract()) : profiles.profiles();
    }

    private boolean isSnapshot() {
        return publication.mode() == Mode.MODE_SNAPSHOT;
    }

    private static void requireSameDelta(RowsRead rows, NewVersion.Result diff) {
        BaseCheck base = rows.base();
        if (base != null) {
            base.requireSame(diff.changes().isNone());
        }
    }

    private History compared(History before) {
        return session.options().rewrite() ? before.takingNothingOver() : before;
    }

    private RowsRead read(History history) {
        if (!isSnapshot() && history.parent().isUnreadable()) {
            throw UnreadableParent.of(dataset, "the manifest");
        }
        session.reached(Step.READING, dataset + " from " + publication.source().describe());
        RowsRead rows;
        try {
            rows = RowsRead.read(
                    publication,
                    session.newSorter(),
                    session::newSorter,
                    history.parent(),
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
        return new RowLimits(dataset.toString(), session.options().showKeys(), publication.source()::nameOf);
    }

    private void requireHeadroom(RowsRead rows, Parent parent) {
        boolean fullRewrite = !parent.hasLayout(rows.layout());
        Manifest before = parent.manifest();
        long kept = isSnapshot() || before == null ? 0 : before.getBytes();
        long bytes = rows.statistics().bytes() + kept;
        Headroom headroom = session.store().headroom();
        if (fullRewrite && !headroom.fits(bytes)) {
            throw new PublisherException(
                    Category.REFUSED,
                    "NO_HEADROOM",
                    dataset + ": " + bytes + " bytes do not fit the store, which holds "
                            + headroom.usedBytes() + " of " + headroom.maxBytes()
                            + "; give it more room, or keep fewer versions");
        }
    }

    private NewVersion.Result diff(
            long generation, long number, RowsRead rows, Parent parent, VersionSink sink, ProfileUpdate profiles) {
        RowChanges listener = isSnapshot() ? RowChanges.IGNORED : profiles;
        NewVersion version =
                new NewVersion(generation, number, rows.layout(), parent, lostBuckets(), stored, sink, listener);
        return version.make(rows.sorter().sorted(), rows.rules());
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

    private List<Check> guardrails(History history, RowsRead rows, NewVersion.Result diff, List<FieldProfile> fields) {
        Candidate candidate = new Candidate(
                diff.changes().rows(),
                fields,
                publication.contract().descriptor(),
                rows.dataAsOf(),
                rows.dataAsOfAssumed(),
                history.parent(),
                diff.changes(),
                session.now(),
                history.unreadable(),
                canaries(history, rows));
        return GuardrailChecks.of(candidate, publication.guardrails());
    }

    /** Those that the source does not have are the parent's, unless it is all there is. */
    private Map<String, byte[]> canaries(History history, RowsRead rows) {
        Manifest parent = history.parent().manifest();
        Map<String, byte[]> found = new LinkedHashMap<>(rows.canaries().found());
        if (!isSnapshot() && parent != null) {
            RowLookup lookup = new RowLookup(stored);
            for (String key : rows.canaries().missing()) {
                Row row = lookup.find(parent, key.getBytes(StandardCharsets.UTF_8));
                if (row != null) {
                    found.put(key, row.getValue().toByteArray());
                }
            }
        }
        return found;
    }

    private CheckRun verify(
            Slot slot,
            History history,
            RowsRead rows,
            NewVersion.Result diff,
            List<FieldProfile> fields,
            List<WrittenChunk> written) {
        session.reached(Step.VERIFYING, dataset);
        List<Check> checks = new ArrayList<>(guardrails(history, rows, diff, fields));
        checks.add(new RowAccounting(
                publication.mode(),
                rows.statistics().rows(),
                diff.changes(),
                history.parent().manifest()));
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
