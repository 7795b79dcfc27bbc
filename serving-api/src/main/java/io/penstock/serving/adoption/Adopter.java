package io.penstock.serving.adoption;

import io.penstock.serving.presence.PresenceReport;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HeldVersion;
import io.penstock.serving.view.NamespaceView;
import io.penstock.serving.view.VersionIndex;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.catalog.CatalogSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one namespace of the view to where its catalog is: runs one {@link Adoption} at a time, repeats failed ones, and
 * is the only one that changes the namespace's view. Confined to the view loop.
 */
final class Adopter {
    private static final Logger LOG = LoggerFactory.getLogger(Adopter.class);

    private final ViewContext context;
    private final String namespace;
    private final PresenceReport presence;
    private final CompletableFuture<Void> firstAdoption = new CompletableFuture<>();

    /** Failed attempts by dataset. Counted by the view loop, read by whoever asks. */
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

    private @Nullable CatalogFollower follower;
    private @Nullable Catalog catalog;

    /** The catalog moved since the running adoption took it. */
    private boolean catalogIsNewer;

    private @Nullable Adoption running;
    private @Nullable ScheduledFuture<?> retry;
    private Duration retryIn;
    private List<Runnable> waitingForIdle = new ArrayList<>();

    Adopter(ViewContext context, String namespace, PresenceReport presence) {
        this.context = context;
        this.namespace = namespace;
        this.presence = presence;
        this.retryIn = context.config().retryMin();
    }

    void follow(CatalogFollower newFollower) {
        follower = newFollower;
    }

    /** Complete once the first adoption ended, whether or not every dataset could be loaded. */
    CompletableFuture<Void> firstAdoption() {
        return firstAdoption;
    }

    NamespaceView view() {
        return Objects.requireNonNull(context.holder().current().namespace(namespace));
    }

    /** The catalog to go by now, for an adoption. */
    Catalog takeCatalog() {
        catalogIsNewer = false;
        return Objects.requireNonNull(catalog);
    }

    @Nullable
    String forkProblem(Catalog read) {
        return ForkCheck.problem(catalog == null ? 0 : catalog.getStoreId(), view(), read);
    }

    /** The catalog forked: whatever is under way ends, and nothing moves any more. */
    void forked() {
        if (running != null) {
            running.cancel();
            running = null;
        }
        cancelRetry();
        presence.show(view());
        becomeIdle();
    }

    /** A catalog was read strongly and is believed. */
    void catalogRead(Catalog read, boolean moved) {
        catalog = read;
        presence.storeId(read.getStoreId());
        if (!moved) {
            return;
        }
        catalogIsNewer = true;
        showCatalog(read);
        if (running == null) {
            retryIn = context.config().retryMin();
            adopt();
        } else if (running.isObsolete(read)) {
            running.cancel();
            adopt();
        }
    }

    /** Runs once no adoption is under way: at once, or when it ends. */
    void whenIdle(Runnable then) {
        if (running == null) {
            then.run();
        } else {
            waitingForIdle.add(then);
        }
    }

    private void adopt() {
        cancelRetry();
        running = new Adoption(context, this, Objects.requireNonNull(follower), presence);
        running.start();
    }

    /**
     * An adoption ended.
     *
     * @param problems by dataset, why it does not serve the catalog's current version
     */
    void adopted(Map<String, String> problems) {
        running = null;
        problems.keySet()
                .forEach(name -> failures.computeIfAbsent(name, unused -> new LongAdder())
                        .increment());
        change(datasets -> datasets.replaceAll((name, status) -> {
            String problem = problems.getOrDefault(name, "");
            if (!problem.isEmpty() && !problem.equals(status.problem())) {
                LOG.warn("{}: {}; repeated in {}", status.id(), problem, retryIn);
            }
            return withProblem(status, problem);
        }));
        if (catalogIsNewer) {
            retryIn = context.config().retryMin();
            adopt();
            return;
        }
        if (!problems.isEmpty()) {
            retry = context.loop().after(retryIn, this::retry);
            Duration doubled = retryIn.multipliedBy(2);
            Duration max = context.config().retryMax();
            retryIn = doubled.compareTo(max) < 0 ? doubled : max;
        } else {
            retryIn = context.config().retryMin();
        }
        firstAdoption.complete(null);
        becomeIdle();
    }

    /** How many attempts have ended without the catalog's version of the dataset. Any thread. */
    long failures(String dataset) {
        LongAdder count = failures.get(dataset);
        return count == null ? 0 : count.sum();
    }

    private void retry() {
        retry = null;
        if (running == null) {
            adopt();
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
    }

    private void becomeIdle() {
        List<Runnable> waiting = waitingForIdle;
        waitingForIdle = new ArrayList<>();
        waiting.forEach(Runnable::run);
    }

    /** Puts loaded versions into the view, all in one change. */
    void flip(Map<String, DatasetView> next) {
        change(datasets -> next.forEach((name, version) -> {
            DatasetStatus status = Objects.requireNonNull(datasets.get(name));
            datasets.put(name, flipped(status, version));
        }));
    }

    private DatasetStatus flipped(DatasetStatus status, DatasetView next) {
        List<HeldVersion> held = new ArrayList<>();
        DatasetView before = status.served();
        if (before != null && before.generation() != next.generation()) {
            held.add(new HeldVersion(before, false, context.loop().nanoTime()));
        }
        for (HeldVersion version : status.held()) {
            boolean other = version.view().generation() != next.generation();
            boolean replaced = before != null && !version.isPinned() && before.generation() != next.generation();
            if (other && !replaced) {
                held.add(version);
            }
        }
        return new DatasetStatus(
                status.id(), status.catalog(), next, stillKept(held, status.versions()), status.versions(), "");
    }

    /** Puts a pinned version into the view; beyond the limit the least recently used one makes room. */
    void pin(DatasetView version) {
        change(datasets -> {
            DatasetStatus status = datasets.get(version.id().name());
            if (status == null || status.loaded(version.number()) != null) {
                return;
            }
            List<HeldVersion> held = new ArrayList<>(status.held());
            held.add(new HeldVersion(version, true, context.loop().nanoTime()));
            while (held.stream().filter(HeldVersion::isPinned).count()
                    > context.config().pinnedVersions()) {
                held.remove(leastRecentlyUsed(held));
            }
            datasets.put(version.id().name(), withHeld(status, held, status.versions()));
        });
    }

    private static HeldVersion leastRecentlyUsed(List<HeldVersion> held) {
        HeldVersion oldest = null;
        for (HeldVersion version : held) {
            if (version.isPinned() && (oldest == null || version.usedAtNanos() - oldest.usedAtNanos() < 0)) {
                oldest = version;
            }
        }
        return Objects.requireNonNull(oldest);
    }

    /** Shows what the catalog says of every dataset and version, and lets go of versions that are not kept any more. */
    private void showCatalog(Catalog read) {
        change(datasets -> {
            for (DatasetEntry entry : read.getDatasetsList()) {
                if (entry.getCurrent() == 0) {
                    continue; // begun, never committed
                }
                VersionIndex versions = new VersionIndex(entry);
                DatasetStatus status = datasets.get(entry.getName());
                datasets.put(
                        entry.getName(),
                        status == null
                                ? new DatasetStatus(
                                        new DatasetId(namespace, entry.getName()),
                                        view().catalog(),
                                        null,
                                        List.of(),
                                        versions,
                                        "")
                                : withHeld(status, stillKept(status.held(), versions), versions));
            }
        });
    }

    private void change(Consumer<SortedMap<String, DatasetStatus>> edit) {
        NamespaceView before = view();
        SortedMap<String, DatasetStatus> datasets = new TreeMap<>(before.datasets());
        edit.accept(datasets);
        if (before.known() && datasets.equals(before.datasets())) {
            return;
        }
        NamespaceView after = new NamespaceView(before.catalog(), true, datasets);
        context.holder().flip(context.holder().current().with(after));
        presence.show(after);
    }

    private static List<HeldVersion> stillKept(List<HeldVersion> held, VersionIndex versions) {
        List<HeldVersion> kept = new ArrayList<>();
        for (HeldVersion version : held) {
            if (versions.keptGeneration(version.view().number())
                    == version.view().generation()) {
                kept.add(version);
            }
        }
        return kept;
    }

    private static DatasetStatus withHeld(DatasetStatus status, List<HeldVersion> held, VersionIndex versions) {
        return new DatasetStatus(status.id(), status.catalog(), status.served(), held, versions, status.problem());
    }

    private static DatasetStatus withProblem(DatasetStatus status, String problem) {
        return problem.equals(status.problem())
                ? status
                : new DatasetStatus(
                        status.id(), status.catalog(), status.served(), status.held(), status.versions(), problem);
    }

    /** The revision of the newest move to a generation that the catalog lists; 0 = none. */
    long revisionOf(DatasetId id, long generation) {
        DatasetEntry entry = catalog == null ? null : CatalogSnapshot.findDataset(catalog, id.name());
        if (entry == null) {
            return 0;
        }
        for (int i = entry.getMovesCount() - 1; i >= 0; i--) {
            if (entry.getMoves(i).getGeneration() == generation) {
                return entry.getMoves(i).getRevision();
            }
        }
        return 0;
    }
}
