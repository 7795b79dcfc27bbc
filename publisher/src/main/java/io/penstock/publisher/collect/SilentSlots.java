package io.penstock.publisher.collect;

import io.penstock.publisher.Failures;
import io.penstock.publisher.internal.RandomIds;
import io.penstock.publisher.slot.SilenceWatch;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Slot;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.presence.Presence;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Gives up publications whose publishers were silent for a whole time to live. */
final class SilentSlots {
    private final CatalogClient client;
    private final SilenceWatch watch;
    private final InstantSource clock;
    private final RandomGenerator random;

    SilentSlots(
            CatalogClient client, Presence presence, GcOptions options, InstantSource clock, RandomGenerator random) {
        this.client = client;
        this.watch = new SilenceWatch(presence, options.heartbeatInterval(), options.heartbeatTtl());
        this.clock = clock;
        this.random = random;
    }

    /**
     * Watches the slots one after the other.
     *
     * @param chosen which datasets, by name
     */
    void abandon(Predicate<String> chosen, GcReport.Draft report) {
        for (DatasetEntry dataset : client.require().catalog().getDatasetsList()) {
            if (dataset.hasSlot() && chosen.test(dataset.getName())) {
                abandonIfSilent(dataset.getName(), dataset.getSlot(), report);
            }
        }
    }

    private void abandonIfSilent(String dataset, Slot slot, GcReport.Draft report) {
        SilenceWatch.Result result = watch.watch(List.of(slot), () -> present(dataset));
        if (result.outcome() != SilenceWatch.Outcome.SILENT) {
            return;
        }
        try {
            client.apply(
                    RandomIds.next(random), CatalogTransitions.abandon(dataset, slot.getGeneration(), clock.instant()));
        } catch (CatalogRefusedException e) {
            throw Failures.of(e);
        }
        report.abandoned.add(new GcReport.Version(dataset, slot.getNumber()));
    }

    private List<Slot> present(String dataset) {
        DatasetEntry entry = CatalogSnapshot.findDataset(client.require().catalog(), dataset);
        return entry != null && entry.hasSlot() ? List.of(entry.getSlot()) : List.of();
    }
}
