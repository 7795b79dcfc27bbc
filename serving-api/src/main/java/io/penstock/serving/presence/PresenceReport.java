package io.penstock.serving.presence;

import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HeldVersion;
import io.penstock.serving.view.NamespaceView;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.ServerPresence;
import io.penstock.store.presence.PresenceBeat;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server's presence record in one namespace: what it serves, holds and is about to load, and the buckets it could not
 * read. Confined to the penstock-view thread; nothing blocks.
 */
public final class PresenceReport {
    /** Lost buckets reported of one dataset; further ones are dropped. */
    public static final int LOST_MAX = 1_000;

    private final Supplier<PresenceBeat> beats;
    /** By dataset and generation, how many are about to load it. */
    private final Map<String, Map<Long, Integer>> announced = new TreeMap<>();

    private final Map<String, Set<LostBucket>> lost = new TreeMap<>();
    private NamespaceView shown;
    private @Nullable PresenceBeat beat;
    private @Nullable ServerPresence written;
    private String address;
    private long storeId;

    /**
     * Begins a report. Nothing is written before {@link #storeId}: a server creates nothing in a store without a
     * catalog.
     *
     * @param beats starts to renew a record that has its id and process already; called once
     */
    public PresenceReport(Supplier<PresenceBeat> beats, NamespaceView first, String address) {
        this.beats = beats;
        this.shown = first;
        this.address = address;
    }

    /**
     * Names generations that are about to be loaded. Complete once the store has confirmed it: only then may they be
     * loaded (the hazard pointer).
     */
    public CompletionStage<Void> announce(String dataset, Collection<Long> generations) {
        Map<Long, Integer> of = announced.computeIfAbsent(dataset, unused -> new TreeMap<>());
        generations.forEach(generation -> of.merge(generation, 1, Integer::sum));
        return write(present());
    }

    /** Takes back what was announced once and is now in the view, or will not be loaded. */
    public void withdraw(String dataset, Collection<Long> generations) {
        Map<Long, Integer> of = announced.getOrDefault(dataset, new TreeMap<>());
        generations.forEach(generation -> of.computeIfPresent(generation, (unused, n) -> n == 1 ? null : n - 1));
        writeIfChanged();
    }

    /** Reports the present view. Losses that its served versions no longer name are dropped. */
    public void show(NamespaceView view) {
        shown = view;
        lost.forEach((dataset, buckets) -> buckets.removeIf(each -> !names(dataset, each)));
        writeIfChanged();
    }

    /** Sets the store the server talks to, as its catalog says; from now on the record is written. */
    public void storeId(long newStoreId) {
        storeId = newStoreId;
        if (beat == null) {
            beat = beats.get();
            writeIfChanged();
        }
    }

    /** Sets where the server listens. */
    public void address(String newAddress) {
        address = newAddress;
        writeIfChanged();
    }

    /** Reports a bucket that could not be read, if the served version names it and it is new. */
    public void lost(String dataset, long generation, int bucket) {
        LostBucket loss = LostBucket.newBuilder()
                .setGeneration(generation)
                .setBucket(bucket)
                .build();
        Set<LostBucket> of = lost.computeIfAbsent(dataset, unused -> new LinkedHashSet<>());
        if (of.size() < LOST_MAX && names(dataset, loss) && of.add(loss)) {
            writeIfChanged();
        }
    }

    private boolean names(String dataset, LostBucket loss) {
        DatasetStatus status = shown.dataset(dataset);
        DatasetView served = status == null ? null : status.served();
        int bucket = loss.getBucket();
        return served != null
                && bucket >= 0
                && bucket < served.layout().buckets()
                && served.generationOf(bucket) == loss.getGeneration();
    }

    private void writeIfChanged() {
        ServerPresence server = present();
        if (!server.equals(written)) {
            var unused = write(server).exceptionally(error -> null); // the next renewal writes it again
        }
    }

    private CompletionStage<Void> write(ServerPresence server) {
        PresenceBeat started = beat;
        if (started == null) {
            return CompletableFuture.completedFuture(null);
        }
        written = server;
        long id = storeId;
        try {
            return started.update(record ->
                    record.toBuilder().setStoreId(id).setServer(server).build());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ServerPresence present() {
        ServerPresence.Builder server = ServerPresence.newBuilder().setAddress(address);
        Set<String> datasets = new TreeSet<>(announced.keySet());
        datasets.addAll(shown.datasets().keySet());
        for (String dataset : datasets) {
            server.addDatasets(held(dataset));
        }
        return server.build();
    }

    private HeldDataset held(String dataset) {
        HeldDataset.Builder held = HeldDataset.newBuilder().setDataset(dataset);
        Set<Long> generations =
                new TreeSet<>(announced.getOrDefault(dataset, Map.of()).keySet());
        DatasetStatus status = shown.dataset(dataset);
        if (status != null) {
            DatasetView served = status.served();
            if (served != null) {
                held.setServing(served.generation()).setRevision(served.revision());
                generations.add(served.generation());
            }
            for (HeldVersion version : status.held()) {
                generations.add(version.view().generation());
            }
            boolean forked = shown.catalog().condition() == CatalogStatus.Condition.FORKED;
            held.setProblem(forked ? shown.catalog().problem() : status.problem());
        }
        held.addAllHeld(generations);
        held.addAllLost(lost.getOrDefault(dataset, Set.of()));
        return held.build();
    }

    /** Removes the record; complete once the store has confirmed that. */
    public CompletionStage<Void> end() {
        return beat == null ? CompletableFuture.completedFuture(null) : beat.end();
    }
}
