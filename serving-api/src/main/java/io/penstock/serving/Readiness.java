package io.penstock.serving;

import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.NamespaceView;
import io.penstock.serving.view.ServingView;

/** When a server may call itself ready. */
final class Readiness {
    private Readiness() {}

    /**
     * Whether there is nothing more to wait for before the warm-up: every catalog was read, or is known not to be there,
     * at least one was read, and of every dataset a version is loaded or known not to load.
     */
    static boolean isLoaded(ServingView view) {
        boolean anyRead = false;
        for (NamespaceView namespace : view.namespaces()) {
            switch (namespace.catalog().condition()) {
                case UNREAD, UNREACHABLE -> {
                    return false;
                }
                case CONFIRMED -> anyRead = true;
                case NOT_INITIALISED, UNREADABLE, FORKED -> {}
            }
            for (DatasetStatus dataset : namespace.datasets().values()) {
                if (dataset.served() == null && dataset.problem().isEmpty()) {
                    return false;
                }
            }
        }
        return anyRead;
    }

    /** Whether a server that was ready still can answer: one catalog is confirmed, or was recently enough. */
    static boolean canAnswer(ServingView view, long nowNanos) {
        for (NamespaceView namespace : view.namespaces()) {
            CatalogStatus catalog = namespace.catalog();
            if (catalog.isConfirmed(nowNanos) && catalog.condition() != CatalogStatus.Condition.UNREAD) {
                return true;
            }
        }
        return false;
    }
}
