package io.penstock.store.catalog;

import static io.penstock.store.catalog.CatalogRefusedException.Reason;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.penstock.storage.v1.AbandonedEntry;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.CommitGroup;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Layout;
import io.penstock.storage.v1.Move;
import io.penstock.storage.v1.Pause;
import io.penstock.storage.v1.Slot;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.storage.v1.VersionEntry.State;
import io.penstock.store.blob.Generations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may happen to a catalog, as pure functions {@code Catalog → Catalog | refusal}. This class is the
 * specification; an explicit-state model of it, with lost replies, crashes and a failover, is a test.
 *
 * <p>{@link CatalogClient} makes each of them happen at most once, whatever replies are lost: it looks for the
 * operation's id among those applied before it applies the function again. Times are
 * the caller's clock and are for people, for expiry and for the day an abandoned generation is watched; no decision about
 * who is alive depends on them.
 */
public final class CatalogTransitions {
    /** How many moves a dataset's entry lists. */
    public static final int MOVES_MAX = 64;
    /** How many audit entries a catalog lists. */
    public static final int AUDIT_MAX = 100;

    /** Room a beginning publication leaves in the catalog. */
    private static final int RESERVED_BYTES = 64 << 10;

    private static final String RUN_AGAIN = "; run the publication again, unless the rollback was meant";

    private CatalogTransitions() {}

    /** A publication that begins. */
    public record Beginning(String dataset, long generation) {}

    /** A publication that is ready to be served. */
    public record Committing(
            String dataset, long generation, @Nullable Instant expiresAt) {}

    /**
     * Takes the slots of all datasets, in one step. The new version's number is one more than the last one handed out;
     * its parent is what is current.
     *
     * @param owner the presence id whose heartbeat keeps the slots
     * @param silent generations whose owners' heartbeats the caller watched not moving for a whole time to live; their
     *     slots are taken over and the generations abandoned
     */
    public static CatalogTransition begin(
            List<Beginning> beginnings, String owner, Set<Long> silent, String by, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            requireRoom(catalog);
            for (Beginning beginning : beginnings) {
                DatasetEntry.Builder dataset = edit.datasetOrNew(beginning.dataset());
                if (dataset.hasSlot() && dataset.getSlot().getGeneration() == beginning.generation()) {
                    continue;
                }
                requireNotPaused(dataset);
                if (dataset.hasSlot()) {
                    Slot busy = dataset.getSlot();
                    if (!silent.contains(busy.getGeneration())) {
                        throw new CatalogRefusedException(
                                Reason.SLOT_BUSY,
                                dataset.getName() + ": publication of version " + busy.getNumber() + " by "
                                        + busy.getOwner() + " is in progress since " + instant(busy.getBegunAt())
                                        + "; try again when it has ended; if its publisher is dead, the next attempt"
                                        + " takes over after 10 s");
                    }
                    abandonSlot(dataset, now);
                    edit.audit(
                            by,
                            "takeover",
                            dataset.getName(),
                            "version " + busy.getNumber() + " of silent publisher " + busy.getOwner()
                                    + " was abandoned",
                            now);
                }
                long number = dataset.getLastNumber() + 1;
                dataset.setLastNumber(number)
                        .setSlot(Slot.newBuilder()
                                .setGeneration(beginning.generation())
                                .setNumber(number)
                                .setParent(dataset.getCurrent())
                                .setOwner(owner)
                                .setBegunAt(timestamp(now)));
            }
            return edit.finish();
        };
    }

    /** Records the layout of a publication; before it no blob may be written, so a collector knows where to look. */
    public static CatalogTransition layOut(String name, long generation, Layout layout) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            requireSlot(dataset, generation);
            dataset.getSlotBuilder().setLayout(layout);
            return edit.finish();
        };
    }

    /** Gives a publication up. The caller owns the slot, or watched its owner silent for a time to live. */
    public static CatalogTransition abandon(String name, long generation, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            if (holdsSlot(dataset, generation)) {
                abandonSlot(dataset, now);
            }
            return edit.finish();
        };
    }

    /** Makes publications current, all in one step. */
    public static CatalogTransition commit(List<Committing> commits, long operationId, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            CommitGroup.Builder group = CommitGroup.newBuilder().setOperationId(operationId);
            for (Committing commit : commits) {
                DatasetEntry.Builder dataset = edit.dataset(commit.dataset());
                requireSlot(dataset, commit.generation());
                requireNotPaused(dataset);
                Slot slot = dataset.getSlot();
                if (dataset.getCurrent() != slot.getParent()) {
                    throw new CatalogRefusedException(
                            Reason.FENCED,
                            dataset.getName() + ": the current version moved since version " + slot.getNumber()
                                    + " was begun" + RUN_AGAIN);
                }
                VersionEntry.Builder version = VersionEntry.newBuilder()
                        .setNumber(slot.getNumber())
                        .setGeneration(slot.getGeneration())
                        .setParent(slot.getParent())
                        .setState(State.STATE_KEPT)
                        .setGroup(operationId)
                        .setCommittedAt(timestamp(now))
                        .setStateSince(timestamp(now));
                if (commit.expiresAt() != null) {
                    version.setExpiresAt(timestamp(commit.expiresAt()));
                }
                dataset.addVersions(version).clearSlot();
                move(dataset, commit.generation(), operationId, now);
                group.addMembers(CommitGroup.Member.newBuilder()
                        .setDataset(commit.dataset())
                        .setNumber(slot.getNumber()));
            }
            if (group.getMembersCount() > 1) {
                edit.addGroup(group.build());
            }
            return edit.finish();
        };
    }

    /**
     * Goes back to an earlier version. Every version from the old current one back to the target is undone for good; a
     * publication in progress is fenced. With each undone version the versions committed together with it are undone,
     * too, and so on until nothing more follows.
     *
     * @param target the generation to go back to, fixed when the operation began
     * @param alone leaves the other datasets of undone commits as they are; recorded in the audit trail
     */
    public static CatalogTransition rollback(
            String name, long target, boolean alone, long operationId, String by, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            Map<String, Long> targets = alone
                    ? Map.of(name, targetNumber(edit, name, target, now))
                    : RollbackPlan.of(edit, name, targetNumber(edit, name, target, now), now);
            edit.dropGroupsUndoneBy(targets);
            for (Map.Entry<String, Long> each : targets.entrySet()) {
                undo(edit, each.getKey(), each.getValue(), operationId, by, alone, now);
            }
            return edit.finish();
        };
    }

    /** Refuses begin and commit from now on. */
    public static CatalogTransition pause(String name, String reason, String by, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            dataset.setPause(Pause.newBuilder().setReason(reason).setBy(by).setSince(timestamp(now)));
            edit.audit(by, "pause", name, reason, now);
            return edit.finish();
        };
    }

    /** Allows begin and commit again. */
    public static CatalogTransition resume(String name, String by, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            if (dataset.hasPause()) {
                dataset.clearPause();
                edit.audit(by, "resume", name, "", now);
            }
            return edit.finish();
        };
    }

    /**
     * Begins to delete the versions beyond retention: all but the current one and its {@code versions − 1} newest kept
     * ancestors. The parent of a publication in progress is spared.
     *
     * @param versions how many versions are kept, the current one included; at least 1
     */
    public static CatalogTransition retire(String name, int versions, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            Set<Long> spared = sparedByRetention(dataset, versions);
            for (VersionEntry.Builder version : dataset.getVersionsBuilderList()) {
                if (!spared.contains(version.getGeneration()) && version.getState() != State.STATE_RETIRING) {
                    version.setState(State.STATE_RETIRING).setStateSince(timestamp(now));
                }
            }
            return edit.finish();
        };
    }

    /** Begins to delete named versions, retention or not. */
    public static CatalogTransition purge(String name, Set<Long> generations, String reason, String by, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            for (long generation : generations) {
                VersionEntry.Builder version = requireVersion(dataset, generation);
                if (generation == dataset.getCurrent()
                        || (dataset.hasSlot() && dataset.getSlot().getParent() == generation)) {
                    throw new CatalogRefusedException(
                            Reason.IN_USE,
                            name + ": version " + version.getNumber()
                                    + " is current or the parent of a publication in progress");
                }
                if (version.getState() != State.STATE_RETIRING) {
                    version.setState(State.STATE_RETIRING).setStateSince(timestamp(now));
                    edit.audit(by, "purge", name, "version " + version.getNumber() + ": " + reason, now);
                }
            }
            return edit.finish();
        };
    }

    /**
     * Adds keys to those that no publication may write any more. Only a publication in progress may: then no other one is,
     * that would have read the list before, and the next one reads it after.
     *
     * @param generation of the publication
     * @param hashKey what the hashes are keyed with; must be the dataset's, if it has one already
     * @param hashes of the keys, sixteen bytes each
     */
    public static CatalogTransition erase(
            String name,
            long generation,
            ByteString hashKey,
            Set<ByteString> hashes,
            String reason,
            String by,
            Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            requireSlot(dataset, generation);
            int added = ErasedHashes.add(dataset, hashKey, hashes);
            if (added > 0) {
                edit.audit(by, "erase", name, added + " keys: " + reason, now);
            }
            Catalog erased = edit.finish();
            requireRoom(erased);
            return erased;
        };
    }

    /** Allows erased keys to be published again; those that are not erased do not matter. */
    public static CatalogTransition lift(
            String name, ByteString hashKey, Set<ByteString> hashes, String reason, String by, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            int removed = ErasedHashes.remove(edit.dataset(name), hashKey, hashes);
            if (removed > 0) {
                edit.audit(by, "lift", name, removed + " keys: " + reason, now);
            }
            return edit.finish();
        };
    }

    /** Forgets a retiring version whose blobs are deleted. */
    public static CatalogTransition collected(String name, long generation) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            for (int i = 0; i < dataset.getVersionsCount(); i++) {
                VersionEntry version = dataset.getVersions(i);
                if (version.getGeneration() == generation) {
                    if (version.getState() != State.STATE_RETIRING) {
                        throw new CatalogRefusedException(
                                Reason.IN_USE, name + ": version " + version.getNumber() + " is not retiring");
                    }
                    dataset.removeVersions(i);
                    break;
                }
            }
            return edit.finish();
        };
    }

    /** Forgets an abandoned generation after a sweep that began long enough after it was abandoned. */
    public static CatalogTransition forget(String name, long generation) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            DatasetEntry.Builder dataset = edit.dataset(name);
            for (int i = 0; i < dataset.getAbandonedCount(); i++) {
                if (dataset.getAbandoned(i).getGeneration() == generation) {
                    dataset.removeAbandoned(i);
                    break;
                }
            }
            return edit.finish();
        };
    }

    /** Records something a person should be able to find later. */
    public static CatalogTransition audit(String name, String action, String detail, String by, Instant now) {
        return catalog -> {
            CatalogEdit edit = new CatalogEdit(catalog);
            edit.audit(by, action, name, detail, now);
            return edit.finish();
        };
    }

    /** What retention keeps: the current version, its newest kept ancestors, and whatever a slot builds on. */
    private static Set<Long> sparedByRetention(DatasetEntry.Builder dataset, int versions) {
        Set<Long> spared = new HashSet<>();
        spared.add(dataset.getCurrent());
        if (dataset.hasSlot()) {
            spared.add(dataset.getSlot().getParent());
        }
        VersionEntry.Builder current = findVersion(dataset, dataset.getCurrent());
        long currentNumber = current == null ? 0 : current.getNumber();
        List<VersionEntry> ancestors = new ArrayList<>();
        for (VersionEntry version : dataset.getVersionsList()) {
            if (version.getState() == State.STATE_KEPT && version.getNumber() < currentNumber) {
                ancestors.add(version);
            }
        }
        ancestors.sort(Comparator.comparingLong(VersionEntry::getNumber).reversed());
        for (VersionEntry ancestor : ancestors.subList(0, Math.min(versions - 1, ancestors.size()))) {
            spared.add(ancestor.getGeneration());
        }
        return spared;
    }

    private static long targetNumber(CatalogEdit edit, String name, long target, Instant now)
            throws CatalogRefusedException {
        DatasetEntry.Builder dataset = edit.dataset(name);
        if (dataset.getCurrent() == target) {
            throw new CatalogRefusedException(
                    Reason.ALREADY_CURRENT,
                    name + ": version " + requireVersion(dataset, target).getNumber() + " is what is served");
        }
        VersionEntry.Builder version = requireVersion(dataset, target);
        String what = name + ": version " + version.getNumber();
        switch (version.getState()) {
            case STATE_KEPT -> {}
            case STATE_ROLLED_BACK ->
                throw new CatalogRefusedException(
                        Reason.ROLLED_BACK, what + " was rolled back; publish its data again instead");
            case STATE_RETIRING ->
                throw new CatalogRefusedException(
                        Reason.RETIRING,
                        what + " is being deleted (retention or erasure); choose one that 'penstock versions " + name
                                + " --store URL' calls kept");
            case STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new CatalogRefusedException(
                        Reason.UNKNOWN_VERSION, what + " is in a state this program does not know");
        }
        if (version.hasExpiresAt() && !instant(version.getExpiresAt()).isAfter(now)) {
            throw new CatalogRefusedException(
                    Reason.EXPIRED,
                    what + " expired at " + instant(version.getExpiresAt()) + "; publish the data again");
        }
        return version.getNumber();
    }

    private static void undo(
            CatalogEdit edit, String name, long targetNumber, long operationId, String by, boolean alone, Instant now)
            throws CatalogRefusedException {
        DatasetEntry.Builder dataset = edit.dataset(name);
        long from = requireVersion(dataset, dataset.getCurrent()).getNumber();
        long target = 0;
        for (VersionEntry.Builder version : dataset.getVersionsBuilderList()) {
            if (version.getNumber() == targetNumber) {
                target = version.getGeneration();
            } else if (version.getNumber() > targetNumber && version.getState() == State.STATE_KEPT) {
                version.setState(State.STATE_ROLLED_BACK).setStateSince(timestamp(now));
            }
        }
        if (dataset.hasSlot()) {
            abandonSlot(dataset, now);
        }
        move(dataset, target, operationId, now);
        edit.audit(
                by, "rollback", name, "from version " + from + " to " + targetNumber + (alone ? ", alone" : ""), now);
    }

    private static void move(DatasetEntry.Builder dataset, long generation, long operationId, Instant now) {
        long revision = dataset.getRevision() + 1;
        dataset.setCurrent(generation)
                .setRevision(revision)
                .addMoves(Move.newBuilder()
                        .setRevision(revision)
                        .setGeneration(generation)
                        .setOperationId(operationId)
                        .setMovedAt(timestamp(now)));
        while (dataset.getMovesCount() > MOVES_MAX) {
            dataset.removeMoves(0);
        }
    }

    /**
     * Clears the slot. A publication whose layout was not recorded has written nothing and never can, so there is nothing
     * of it to sweep and nothing is remembered: a source that fails every minute must not fill the catalog.
     */
    private static void abandonSlot(DatasetEntry.Builder dataset, Instant now) {
        Slot slot = dataset.getSlot();
        if (slot.hasLayout()) {
            dataset.addAbandoned(AbandonedEntry.newBuilder()
                    .setGeneration(slot.getGeneration())
                    .setNumber(slot.getNumber())
                    .setLayout(slot.getLayout())
                    .setAbandonedAt(timestamp(now)));
        }
        dataset.clearSlot();
    }

    /** What makes a catalog grow, a beginning publication or an erasure, leaves room for the rest, a rollback above all. */
    private static void requireRoom(Catalog catalog) throws CatalogRefusedException {
        int bytes = catalog.getSerializedSize();
        int max = CatalogCodec.VALUE_BYTES_MAX - RESERVED_BYTES;
        if (bytes > max) {
            throw new CatalogRefusedException(
                    Reason.CATALOG_FULL,
                    "the catalog has " + bytes + " bytes (expected: <= " + max + " to begin a publication); keep fewer "
                            + "versions, run 'penstock gc', or move datasets to another namespace");
        }
    }

    private static boolean holdsSlot(DatasetEntry.Builder dataset, long generation) {
        return dataset.hasSlot() && dataset.getSlot().getGeneration() == generation;
    }

    private static void requireSlot(DatasetEntry.Builder dataset, long generation) throws CatalogRefusedException {
        if (!holdsSlot(dataset, generation)) {
            throw new CatalogRefusedException(
                    Reason.FENCED,
                    dataset.getName() + ": publication " + Generations.format(generation)
                            + " lost its slot to another publisher or a rollback" + RUN_AGAIN);
        }
    }

    private static void requireNotPaused(DatasetEntry.Builder dataset) throws CatalogRefusedException {
        if (dataset.hasPause()) {
            Pause pause = dataset.getPause();
            throw new CatalogRefusedException(
                    Reason.PAUSED,
                    dataset.getName() + ": paused by " + pause.getBy() + " since " + instant(pause.getSince()) + ": "
                            + pause.getReason() + "; 'penstock resume " + dataset.getName() + "' ends it");
        }
    }

    private static VersionEntry.Builder requireVersion(DatasetEntry.Builder dataset, long generation)
            throws CatalogRefusedException {
        VersionEntry.Builder version = findVersion(dataset, generation);
        if (version == null) {
            throw new CatalogRefusedException(
                    Reason.UNKNOWN_VERSION,
                    dataset.getName() + ": no version with generation " + Generations.format(generation));
        }
        return version;
    }

    static VersionEntry.@Nullable Builder findVersion(DatasetEntry.Builder dataset, long generation) {
        for (VersionEntry.Builder version : dataset.getVersionsBuilderList()) {
            if (version.getGeneration() == generation) {
                return version;
            }
        }
        return null;
    }

    static CatalogRefusedException unknownDataset(String name) {
        return new CatalogRefusedException(
                Reason.UNKNOWN_DATASET,
                name + ": the catalog has no such dataset; see 'penstock datasets --store URL'");
    }

    static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }
}
