package io.penstock.publisher;

import com.google.protobuf.Timestamp;
import io.penstock.publisher.diff.Changes;
import io.penstock.publisher.diff.NewVersion;
import io.penstock.publisher.guardrail.SensitiveFields;
import io.penstock.publisher.plan.History;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a version's manifest, and says whether it would say anything that the parent's does not. */
final class ManifestMaker {
    private ManifestMaker() {}

    static Manifest make(
            Publication publication,
            Slot slot,
            History history,
            RowsRead rows,
            NewVersion.Result diff,
            List<FieldProfile> fields,
            List<CheckResult> checks,
            String publisher,
            Instant now) {
        Changes changes = diff.changes();
        Manifest.Builder manifest = Manifest.newBuilder()
                .setFormat(StoredBlobs.MANIFEST_FORMAT)
                .setDataset(publication.contract().dataset())
                .setNumber(slot.getNumber())
                .setGeneration(slot.getGeneration())
                .setParent(slot.getParent())
                .setLayout(rows.layout().toProto())
                .addAllChunkGenerations(diff.chunkGenerations())
                .setContract(publication.contract().toStored())
                .addAllEarlierContracts(
                        history.contractsBut(publication.contract().toStored()))
                .setRows(changes.rows())
                .setBuckets(changes.buckets())
                .setBytes(changes.bytes())
                .setRowsAdded(changes.rowsAdded())
                .setRowsUpdated(changes.rowsUpdated())
                .setRowsRemoved(changes.rowsRemoved())
                .setRowsErased(rows.erased())
                .setBucketsWritten(changes.bucketsWritten())
                .setBytesWritten(changes.bytesWritten())
                .setDataAsOf(Times.timestamp(rows.dataAsOf()))
                .setDataAsOfAssumed(rows.dataAsOfAssumed())
                .setPublishedAt(Times.timestamp(now))
                .setMode(publication.mode())
                .setSource(publication.source().describe())
                .putAllLabels(publication.labels())
                .setPublisher(publisher)
                .addAllChecks(checks)
                .addAllFields(fields.stream()
                        .map(field -> SensitiveFields.kept(
                                field, publication.contract().descriptor()))
                        .toList());
        expiresAt(publication, history.parent().manifest(), now).ifPresent(manifest::setExpiresAt);
        othersExpireAt(publication.mode(), history.parent().manifest())
                .ifPresent(at -> manifest.setRowsExpireAt(Times.timestamp(at)));
        BaseCheck base = rows.base();
        if (base != null && base.base().dataAsOf() != null) {
            manifest.setBase(Times.timestamp(base.base().dataAsOf()));
        }
        return manifest.build();
    }

    /** Nothing is fresher because rows were removed. */
    private static Optional<Timestamp> expiresAt(Publication publication, @Nullable Manifest parent, Instant now) {
        if (publication.source().removesOnly() && parent != null) {
            return parent.hasExpiresAt() ? Optional.of(parent.getExpiresAt()) : Optional.empty();
        }
        return publication.contract().expiresAfter().map(after -> Times.timestamp(now.plus(after)));
    }

    /**
     * When rows without an expiry of their own stop being readable in a version that keeps them: as in the last snapshot,
     * which wrote them. Empty: with the version.
     */
    static Optional<Instant> othersExpireAt(Mode mode, @Nullable Manifest parent) {
        if (mode == Mode.MODE_SNAPSHOT || parent == null) {
            return Optional.empty();
        }
        if (parent.hasRowsExpireAt()) {
            return Optional.of(Times.instant(parent.getRowsExpireAt()));
        }
        boolean wroteThem = parent.getMode() == Mode.MODE_SNAPSHOT && parent.hasExpiresAt();
        return wroteThem ? Optional.of(Times.instant(parent.getExpiresAt())) : Optional.empty();
    }

    /**
     * Whether a new version would be the parent again: the same buckets, contract, expiry and declared {@code
     * data_as_of}. A version that lives for a limited time counts as having another expiry once half of it is over, so
     * that data published again and again does not run out under its readers.
     */
    static boolean isUnchanged(
            Publication publication, @Nullable Manifest parent, RowsRead rows, NewVersion.Result diff, Instant now) {
        return parent != null
                && diff.sameBuckets()
                && publication.contract().digest().equals(parent.getContract().getDigest())
                && sameDataAsOf(rows, parent)
                && sameExpiry(publication, parent, now);
    }

    private static boolean sameDataAsOf(RowsRead rows, Manifest parent) {
        if (rows.dataAsOfAssumed()) {
            return true;
        }
        return !parent.getDataAsOfAssumed() && Times.timestamp(rows.dataAsOf()).equals(parent.getDataAsOf());
    }

    private static boolean sameExpiry(Publication publication, Manifest parent, Instant now) {
        if (publication.source().removesOnly()) {
            return true;
        }
        if (publication.mode() == Mode.MODE_SNAPSHOT && parent.hasRowsExpireAt()) {
            return false; // its rows live as long as an earlier snapshot's, whatever the version does
        }
        Duration after = publication.contract().expiresAfter().orElse(null);
        if (after == null) {
            return true; // the contract is the same, so the parent does not expire either
        }
        Instant expiresAt = Times.instant(parent.getExpiresAt());
        return Duration.between(now, expiresAt).compareTo(after.dividedBy(2)) >= 0;
    }
}
