package io.penstock.store.catalog;

import io.penstock.storage.v1.CommitGroup;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.storage.v1.VersionEntry.State;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which datasets a rollback moves, and to which version numbers: what was committed together is undone together. */
final class RollbackPlan {
    private RollbackPlan() {}

    /**
     * Follows commit groups to a fixpoint.
     *
     * @return dataset name to the number of the version it goes back to; the named dataset first
     */
    static Map<String, Long> of(CatalogEdit edit, String name, long targetNumber, Instant now)
            throws CatalogRefusedException {
        Map<String, Long> targets = new LinkedHashMap<>();
        targets.put(name, targetNumber);
        boolean moved = true;
        while (moved) {
            moved = false;
            for (CommitGroup group : edit.groups()) {
                if (undoes(edit, group, targets)) {
                    moved |= lowerPartners(edit, group, targets, now);
                }
            }
        }
        return targets;
    }

    /** Whether the targets so far undo a member of the group that is in effect. */
    private static boolean undoes(CatalogEdit edit, CommitGroup group, Map<String, Long> targets)
            throws CatalogRefusedException {
        for (CommitGroup.Member member : group.getMembersList()) {
            Long target = targets.get(member.getDataset());
            if (target != null && member.getNumber() > target && inEffect(edit, member)) {
                return true;
            }
        }
        return false;
    }

    private static boolean lowerPartners(CatalogEdit edit, CommitGroup group, Map<String, Long> targets, Instant now)
            throws CatalogRefusedException {
        boolean moved = false;
        for (CommitGroup.Member member : group.getMembersList()) {
            Long target = targets.get(member.getDataset());
            if (!inEffect(edit, member) || (target != null && target < member.getNumber())) {
                continue;
            }
            targets.put(member.getDataset(), newestBelow(edit, member, now));
            moved = true;
        }
        return moved;
    }

    /** Whether what is served descends from this member. Groups that were undone are no longer in the catalog. */
    private static boolean inEffect(CatalogEdit edit, CommitGroup.Member member) throws CatalogRefusedException {
        return member.getNumber() <= currentNumber(edit.dataset(member.getDataset()));
    }

    private static long currentNumber(DatasetEntry.Builder dataset) {
        VersionEntry.Builder current = CatalogTransitions.findVersion(dataset, dataset.getCurrent());
        return current == null ? 0 : current.getNumber();
    }

    private static long newestBelow(CatalogEdit edit, CommitGroup.Member member, Instant now)
            throws CatalogRefusedException {
        DatasetEntry.Builder dataset = edit.dataset(member.getDataset());
        long newest = 0;
        for (VersionEntry version : dataset.getVersionsList()) {
            boolean usable = version.getState() == State.STATE_KEPT
                    && (!version.hasExpiresAt()
                            || CatalogTransitions.instant(version.getExpiresAt())
                                    .isAfter(now));
            if (usable && version.getNumber() < member.getNumber()) {
                newest = Math.max(newest, version.getNumber());
            }
        }
        if (newest == 0) {
            throw new CatalogRefusedException(
                    CatalogRefusedException.Reason.PARTNER_HAS_NO_TARGET,
                    member.getDataset() + ": version " + member.getNumber()
                            + " was committed together with a version to be undone, and nothing before it is kept; use "
                            + "--alone to leave " + member.getDataset() + " as it is");
        }
        return newest;
    }
}
