package io.penstock.publisher;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogRefusedException;

/** Says what a failure of the store or a refusal of the catalog means for a publication. */
public final class Failures {
    private Failures() {}

    /** The exception to throw instead: the module's own as they are, the store's translated, others as bugs. */
    public static PublisherException of(RuntimeException e) {
        if (e instanceof PublisherException own) {
            return own;
        }
        if (e instanceof StoreException store) {
            return new PublisherException(
                    category(store.code()), "STORE_" + store.code(), String.valueOf(e.getMessage()), e);
        }
        return new PublisherException(
                Category.INTERNAL, "INTERNAL", "unexpected " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }

    public static PublisherException of(CatalogRefusedException e) {
        return new PublisherException(category(e.reason()), e.reason().name(), String.valueOf(e.getMessage()), e);
    }

    private static Category category(StoreException.Code code) {
        return switch (code) {
            case INVALID_URL, NOT_FOUND -> Category.USAGE;
            case UNREACHABLE, OVERLOADED, NOT_INITIALISED, CLOSED -> Category.UNAVAILABLE;
            case FULL, UNSAFE, NEWER_FORMAT -> Category.REFUSED;
            case CORRUPT -> Category.DATA_LOSS;
            case INTERNAL -> Category.INTERNAL;
        };
    }

    private static Category category(CatalogRefusedException.Reason reason) {
        return switch (reason) {
            case SLOT_BUSY -> Category.BUSY;
            case FENCED -> Category.FENCED;
            case UNKNOWN_DATASET, UNKNOWN_VERSION -> Category.NOT_FOUND;
            case PAUSED, CATALOG_FULL, ALREADY_CURRENT, ROLLED_BACK, RETIRING, EXPIRED, PARTNER_HAS_NO_TARGET, IN_USE ->
                Category.REFUSED;
        };
    }
}
