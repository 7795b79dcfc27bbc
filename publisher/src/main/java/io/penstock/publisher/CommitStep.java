package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.stored.Stages;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogTransition;
import io.penstock.store.catalog.CatalogTransitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes prepared versions current, all in one step, with the audit of what was let through. */
final class CommitStep {
    private final Session session;

    CommitStep(Session session) {
        this.session = session;
    }

    /** The versions may have become current, or not: nothing of them may be given up or deleted. */
    static final class OutcomeUnknownException extends PublisherException {
        private static final long serialVersionUID = 1L;

        OutcomeUnknownException(String datasets, StoreException cause) {
            super(
                    Category.UNAVAILABLE,
                    "COMMIT_UNKNOWN",
                    datasets + ": the commit was sent and its outcome is not known, it may have happened: "
                            + cause.getMessage() + "; publishing again does no harm",
                    cause);
        }
    }

    /** Commits; returns the catalog in which the versions are current. */
    Catalog commit(List<PreparedVersion> versions) {
        StringBuilder names = new StringBuilder();
        List<CatalogTransitions.Committing> commits = new ArrayList<>();
        for (PreparedVersion version : versions) {
            Manifest manifest = version.manifest();
            names.append(names.isEmpty() ? "" : ", ").append(manifest.getDataset());
            commits.add(new CatalogTransitions.Committing(
                    manifest.getDataset(),
                    manifest.getGeneration(),
                    manifest.hasExpiresAt() ? Times.instant(manifest.getExpiresAt()) : null));
        }
        Stages.await(session.blobs().barrier());
        session.reached(Step.BARRIER_PASSED, names);
        session.reached(Step.COMMITTING, names);
        long operationId = session.randomId();
        Instant now = session.now();
        CatalogTransition commit = CatalogTransitions.commit(commits, operationId, now);
        try {
            Catalog catalog =
                    session.catalog().apply(operationId, before -> audited(commit.apply(before), versions, now));
            session.reached(Step.COMMITTED, names);
            return catalog;
        } catch (CatalogRefusedException e) {
            throw Failures.of(e);
        } catch (StoreException e) {
            if (e.code() == StoreException.Code.UNREACHABLE) {
                throw new OutcomeUnknownException(names.toString(), e);
            }
            throw e;
        }
    }

    private Catalog audited(Catalog catalog, List<PreparedVersion> versions, Instant now)
            throws CatalogRefusedException {
        Catalog audited = catalog;
        for (PreparedVersion version : versions) {
            for (CheckResult check : version.overridden()) {
                String detail = "version " + version.manifest().getNumber() + ": " + check.getCheck() + ": "
                        + check.getDetail() + "; " + check.getOverrideReason();
                audited = CatalogTransitions.audit(
                                version.manifest().getDataset(), "override", detail, session.by(), now)
                        .apply(audited);
            }
        }
        return audited;
    }
}
