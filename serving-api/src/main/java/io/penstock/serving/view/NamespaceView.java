package io.penstock.serving.view;

import io.penstock.serving.v1.Reason;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One namespace of a serving view.
 *
 * @param catalog the status of its catalog
 * @param known whether the datasets are what a catalog said; false until the first was read
 * @param datasets by dataset name, sorted; never changed
 */
public record NamespaceView(CatalogStatus catalog, boolean known, SortedMap<String, DatasetStatus> datasets) {
    public NamespaceView {
        datasets = Collections.unmodifiableSortedMap(new TreeMap<>(datasets));
    }

    /** A namespace of which nothing is known yet. */
    public static NamespaceView unknown(CatalogStatus catalog) {
        return new NamespaceView(catalog, false, new TreeMap<>());
    }

    public String namespace() {
        return catalog.namespace();
    }

    /**
     * Why a dataset that is not here cannot be answered. That there is no such dataset is only said of a catalog that
     * was read and was confirmed by the last attempt.
     */
    public Reason whyMissing() {
        return switch (catalog.condition()) {
            case CONFIRMED -> known ? Reason.REASON_UNKNOWN_DATASET : Reason.REASON_STORE_UNREACHABLE;
            case NOT_INITIALISED -> Reason.REASON_NOT_INITIALISED;
            case UNREAD, UNREACHABLE -> Reason.REASON_STORE_UNREACHABLE;
            case UNREADABLE, FORKED -> Reason.REASON_CATALOG_UNCONFIRMED;
        };
    }

    public @Nullable DatasetStatus dataset(String name) {
        return datasets.get(name);
    }
}
