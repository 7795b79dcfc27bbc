package io.penstock.benchmarks.data;

import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.Step;
import io.penstock.storage.v1.Mode;
import io.penstock.store.Store;

/** Publishes synthetic data through the publisher everybody uses, and counts what that took. */
public final class SyntheticPublisher {
    public static final String NAMESPACE = "default";

    private SyntheticPublisher() {}

    /**
     * Publishes all rows of the data as they are in a version; blocks until servers have adopted it.
     *
     * @param store stays the caller's to close
     */
    public static Published publish(Store store, SyntheticData data, long version, PublisherOptions options) {
        return publish(store, Publication.builder(NAMESPACE, data.contract(), data.source(version)), options);
    }

    /** Publishes the rows that changed in a version, as an upsert; else the same. */
    public static Published upsert(Store store, SyntheticData data, long version, PublisherOptions options) {
        return publish(
                store,
                Publication.builder(NAMESPACE, data.contract(), data.changes(version))
                        .mode(Mode.MODE_UPSERT),
                options);
    }

    private static Published publish(Store store, Publication.Builder publication, PublisherOptions options) {
        Published.Moments moments = new Published.Moments();
        CountingStore counting = new CountingStore(store);
        try (Publisher publisher = Publisher.builder(counting)
                .options(options)
                .observer((step, detail) -> {
                    if (step == Step.COMMITTED) {
                        moments.committed();
                    }
                })
                .build()) {
            PublicationReport report = publisher.publish(publication.build());
            return Published.of(report, counting.bytesPut(), moments);
        }
    }
}
