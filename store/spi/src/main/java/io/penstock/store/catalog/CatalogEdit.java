package io.penstock.store.catalog;

import io.penstock.storage.v1.AuditEntry;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.CommitGroup;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A catalog while one transition changes it: finds datasets, keeps their order and the lists' limits. */
final class CatalogEdit {
    private final Catalog.Builder after;

    CatalogEdit(Catalog catalog) {
        after = catalog.toBuilder();
    }

    /** The dataset's builder; refuses one that is not there. */
    DatasetEntry.Builder dataset(String name) throws CatalogRefusedException {
        for (DatasetEntry.Builder dataset : after.getDatasetsBuilderList()) {
            if (dataset.getName().equals(name)) {
                return dataset;
            }
        }
        throw CatalogTransitions.unknownDataset(name);
    }

    /** The dataset's builder, inserted in name order if it is not there. */
    DatasetEntry.Builder datasetOrNew(String name) {
        DatasetId.requireName(name);
        int at = 0;
        for (DatasetEntry.Builder dataset : after.getDatasetsBuilderList()) {
            int order = dataset.getName().compareTo(name);
            if (order == 0) {
                return dataset;
            }
            if (order < 0) {
                at++;
            }
        }
        return after.addDatasetsBuilder(at).setName(name);
    }

    List<CommitGroup> groups() {
        return after.getGroupsList();
    }

    void addGroup(CommitGroup group) {
        after.addGroups(group);
    }

    /** Forgets the groups of which a rollback undoes a member: what is left of them is no longer bound together. */
    void dropGroupsUndoneBy(Map<String, Long> targets) {
        for (int i = after.getGroupsCount() - 1; i >= 0; i--) {
            for (CommitGroup.Member member : after.getGroups(i).getMembersList()) {
                Long target = targets.get(member.getDataset());
                if (target != null && member.getNumber() > target) {
                    after.removeGroups(i);
                    break;
                }
            }
        }
    }

    void audit(String by, String action, String dataset, String detail, Instant now) {
        after.addAudit(AuditEntry.newBuilder()
                .setAt(CatalogTransitions.timestamp(now))
                .setBy(by)
                .setAction(action)
                .setDataset(dataset)
                .setDetail(detail));
        while (after.getAuditCount() > CatalogTransitions.AUDIT_MAX) {
            after.removeAudit(0);
        }
    }

    /** The changed catalog; equal to the one it began with if nothing changed. */
    Catalog finish() {
        dropGroupsNobodyListsAnyMore();
        return after.build();
    }

    private void dropGroupsNobodyListsAnyMore() {
        Set<Long> listed = new HashSet<>();
        for (DatasetEntry dataset : after.getDatasetsList()) {
            for (VersionEntry version : dataset.getVersionsList()) {
                listed.add(version.getGroup());
            }
        }
        for (int i = after.getGroupsCount() - 1; i >= 0; i--) {
            if (!listed.contains(after.getGroups(i).getOperationId())) {
                after.removeGroups(i);
            }
        }
    }
}
