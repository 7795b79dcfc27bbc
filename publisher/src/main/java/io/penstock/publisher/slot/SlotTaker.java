package io.penstock.publisher.slot;

import io.penstock.publisher.Failures;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Slot;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes the slots of all datasets of a publication in one step. A busy slot is watched: its holder alive, the publication
 * ends; silent for a time to live, its slot is taken over.
 */
public final class SlotTaker {
    private final CatalogClient client;
    private final SilenceWatch watch;
    private final InstantSource clock;
    private final String by;
    private final Consumer<String> whenBusy;

    /** @param whenBusy told, in words, before a busy slot is watched */
    public SlotTaker(
            CatalogClient client, SilenceWatch watch, InstantSource clock, String by, Consumer<String> whenBusy) {
        this.client = client;
        this.watch = watch;
        this.clock = clock;
        this.by = by;
        this.whenBusy = whenBusy;
    }

    /**
     * Takes the slots.
     *
     * @return the catalog in which they are taken
     * @throws PublisherException {@code BUSY} if another publisher is alive in one of them; {@code REFUSED} if paused
     */
    public Catalog take(long operationId, List<Beginning> beginnings, String owner) {
        Set<Long> silent = new HashSet<>();
        while (true) {
            try {
                Set<Long> takenOver = Set.copyOf(silent);
                return client.apply(
                        operationId, CatalogTransitions.begin(beginnings, owner, takenOver, by, clock.instant()));
            } catch (CatalogRefusedException e) {
                if (e.reason() != CatalogRefusedException.Reason.SLOT_BUSY) {
                    throw Failures.of(e);
                }
                whenBusy.accept(String.valueOf(e.getMessage()));
                silent.addAll(watchBusySlots(beginnings, silent));
            }
        }
    }

    private Set<Long> watchBusySlots(List<Beginning> beginnings, Set<Long> silent) {
        List<Slot> busy = busySlots(beginnings, silent);
        SilenceWatch.Result result = watch.watch(busy, () -> busySlots(beginnings, silent));
        Set<Long> foundSilent = new HashSet<>();
        switch (result.outcome()) {
            case ALIVE -> throw busy(result.alive().orElseThrow(), beginnings);
            case CHANGED -> {}
            case SILENT -> busy.forEach(slot -> foundSilent.add(slot.getGeneration()));
        }
        return foundSilent;
    }

    private List<Slot> busySlots(List<Beginning> beginnings, Set<Long> silent) {
        Catalog catalog = client.require().catalog();
        List<Slot> busy = new ArrayList<>();
        for (Beginning beginning : beginnings) {
            busySlot(catalog, beginning)
                    .filter(slot -> !silent.contains(slot.getGeneration()))
                    .ifPresent(busy::add);
        }
        return busy;
    }

    private static Optional<Slot> busySlot(Catalog catalog, Beginning beginning) {
        DatasetEntry dataset = CatalogSnapshot.findDataset(catalog, beginning.dataset());
        return dataset == null || !dataset.hasSlot() ? Optional.empty() : Optional.of(dataset.getSlot());
    }

    private PublisherException busy(SilenceWatch.Holder holder, List<Beginning> beginnings) {
        Slot slot = holder.slot();
        Instant since = Instant.ofEpochSecond(
                slot.getBegunAt().getSeconds(), slot.getBegunAt().getNanos());
        return new PublisherException(
                Category.BUSY,
                "SLOT_BUSY",
                dataset(slot, beginnings) + ": another publisher, " + holder.process() + ", is publishing version "
                        + slot.getNumber() + " since " + since + "; publish again when it is done");
    }

    private String dataset(Slot slot, List<Beginning> beginnings) {
        Catalog catalog = client.require().catalog();
        for (Beginning beginning : beginnings) {
            if (busySlot(catalog, beginning).filter(slot::equals).isPresent()) {
                return beginning.dataset();
            }
        }
        return beginnings.get(0).dataset(); // it ended just now
    }
}
