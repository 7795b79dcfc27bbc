package io.penstock.serving.view;

import io.penstock.serving.v1.Dataset;
import io.penstock.store.DatasetId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One dataset of a serving view: what is served of it, which other versions are held, and why it is not further.
 *
 * @param catalog the status of its catalog
 * @param served what requests without a version are answered from; null until a version was loaded
 * @param held other loaded versions: the one served before, and those requests have pinned
 * @param versions what the catalog says about every version number
 * @param problem for the operator: why the catalog's current version is not served; empty = it is
 */
public record DatasetStatus(
        DatasetId id,
        CatalogStatus catalog,
        @Nullable DatasetView served,
        List<HeldVersion> held,
        VersionIndex versions,
        String problem) {
    public DatasetStatus {
        held = List.copyOf(held);
    }

    /** The loaded version with this number, or null. */
    public @Nullable DatasetView loaded(long number) {
        if (served != null && served.number() == number) {
            return served;
        }
        for (int i = 0; i < held.size(); i++) { // no iterator: a read's path
            HeldVersion version = held.get(i);
            if (version.view().number() == number) {
                return version.view();
            }
        }
        return null;
    }

    /** For the operator: why what is served is not the newest, or not to be relied on; empty = it is. */
    public String describeProblem() {
        return problem.isEmpty() ? catalog.problem() : problem;
    }

    /** What the API says about it. */
    public Dataset.State state(long nowMillis, long nowNanos) {
        if (served == null) {
            return Dataset.State.STATE_LOADING;
        }
        if (!catalog.isConfirmed(nowNanos) || served.isExpired(nowMillis)) {
            return Dataset.State.STATE_UNAVAILABLE;
        }
        return problem.isEmpty() && catalog.condition() != CatalogStatus.Condition.FORKED
                ? Dataset.State.STATE_SERVING
                : Dataset.State.STATE_HOLDING;
    }
}
