package io.penstock.serving.adoption;

import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.NamespaceView;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Move;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.catalog.CatalogSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to move to get from a view to a catalog, and what has to move together. A pure function of the two.
 *
 * <p>Datasets that one operation moved since the revision held of each are one group, and so on to the closure: any cut
 * through a group would show one dataset before a common commit or rollback and another after it.
 */
record AdoptionPlan(Map<String, Target> targets, List<Set<String>> groups) {
    /**
     * Where one dataset goes.
     *
     * @param status what the view has of it
     * @param loaded the version, if the view has it loaded
     */
    record Target(
            DatasetId id,
            long generation,
            long number,
            long revision,
            DatasetStatus status,
            @Nullable DatasetView loaded) {
        /** Whether what is served was taken back: it goes to an earlier version, or away from a rolled back one. */
        boolean isRollback() {
            DatasetView served = status.served();
            return served != null
                    && (number < served.number()
                            || status.versions().whyNotReadable(served.number()) == Reason.REASON_VERSION_ROLLED_BACK);
        }

        boolean isServed() {
            return status.served() != null;
        }
    }

    /** Follows revisions: a dataset moves when its revision differs from the served one's. */
    static AdoptionPlan of(NamespaceView view, Catalog catalog) {
        Map<String, Target> targets = new LinkedHashMap<>();
        for (DatasetEntry entry : catalog.getDatasetsList()) {
            DatasetStatus status = view.dataset(entry.getName());
            VersionEntry version = CatalogSnapshot.findVersion(entry, entry.getCurrent());
            if (status == null || version == null || heldRevision(status) == entry.getRevision()) {
                continue;
            }
            targets.put(
                    entry.getName(),
                    new Target(
                            status.id(),
                            entry.getCurrent(),
                            version.getNumber(),
                            entry.getRevision(),
                            status,
                            loaded(status, version)));
        }
        return new AdoptionPlan(targets, groups(targets, catalog));
    }

    private static @Nullable DatasetView loaded(DatasetStatus status, VersionEntry version) {
        DatasetView loaded = status.loaded(version.getNumber());
        return loaded != null && loaded.generation() == version.getGeneration() ? loaded : null;
    }

    boolean isEmpty() {
        return targets.isEmpty();
    }

    /** The group of each dataset, itself included. */
    Set<String> groupOf(String dataset) {
        for (Set<String> group : groups) {
            if (group.contains(dataset)) {
                return group;
            }
        }
        return Set.of(dataset);
    }

    private static long heldRevision(DatasetStatus status) {
        DatasetView served = status.served();
        return served == null ? 0 : served.revision();
    }

    private static List<Set<String>> groups(Map<String, Target> targets, Catalog catalog) {
        Map<Long, Set<String>> byOperation = new HashMap<>();
        Set<String> historyLost = new HashSet<>();
        for (DatasetEntry entry : catalog.getDatasetsList()) {
            Target target = targets.get(entry.getName());
            if (target == null) {
                continue;
            }
            long held = heldRevision(target.status());
            if (held > 0 && entry.getMovesCount() > 0 && entry.getMoves(0).getRevision() > held + 1) {
                historyLost.add(entry.getName());
            }
            for (Move move : entry.getMovesList()) {
                if (move.getRevision() > held) {
                    byOperation
                            .computeIfAbsent(move.getOperationId(), unused -> new HashSet<>())
                            .add(entry.getName());
                }
            }
        }
        if (!historyLost.isEmpty()) {
            return List.of(Set.copyOf(targets.keySet())); // moves it missed may have been anybody's, too
        }
        return closure(byOperation.values());
    }

    private static List<Set<String>> closure(Iterable<Set<String>> linked) {
        List<Set<String>> groups = new ArrayList<>();
        for (Set<String> link : linked) {
            Set<String> merged = new HashSet<>(link);
            List<Set<String>> apart = new ArrayList<>();
            for (Set<String> group : groups) {
                boolean touches = group.stream().anyMatch(link::contains);
                if (touches) {
                    merged.addAll(group);
                } else {
                    apart.add(group);
                }
            }
            apart.add(merged);
            groups = apart;
        }
        return groups;
    }
}
