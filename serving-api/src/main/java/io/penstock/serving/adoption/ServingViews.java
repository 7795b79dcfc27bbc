package io.penstock.serving.adoption;

import io.penstock.serving.presence.PresenceReport;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogChecks;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HotRows;
import io.penstock.serving.view.LossReports;
import io.penstock.serving.view.NamespaceView;
import io.penstock.serving.view.PinnedVersions;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.ViewHolder;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.presence.PresenceBeat;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The serving view of a server, alive: follows the catalogs of its namespaces, adopts what they move to, and does for
 * requests what needs the catalog. Thread-safe; nothing blocks but {@link #close}.
 */
public final class ServingViews implements PinnedVersions, CatalogChecks, LossReports, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingViews.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final ViewLoop loop;
    private final ViewHolder holder;
    private final BlobFetcher blobs;
    private final Map<String, Followed> namespaces = new LinkedHashMap<>();
    private final boolean ownsScheduler;

    /** What belongs to one namespace. */
    private record Followed(Adopter adopter, CatalogFollower follower, PinKeeper pins, PresenceReport presence) {}

    private ServingViews(
            ViewConfig config, Store store, String address, HotRows hotRows, ViewLoop loop, boolean ownsScheduler) {
        this.loop = loop;
        this.ownsScheduler = ownsScheduler;
        this.blobs = new BlobFetcher(loop, store.openReader(loop), config.readTimeout());
        List<NamespaceView> unknown = new ArrayList<>();
        for (String namespace : config.namespaces()) {
            unknown.add(NamespaceView.unknown(new CatalogStatus(namespace, config.maxUnconfirmed(), loop.nanoTime())));
        }
        this.holder = new ViewHolder(ServingView.of(unknown));
        ViewContext context = new ViewContext(config, loop, holder, new VersionLoader(blobs), hotRows);
        String id = UUID.randomUUID().toString();
        for (NamespaceView view : unknown) {
            namespaces.put(view.namespace(), follow(context, store, view, id, address));
        }
    }

    private static Followed follow(ViewContext context, Store store, NamespaceView view, String id, String address) {
        ViewConfig config = context.config();
        Supplier<PresenceBeat> beat = () -> PresenceBeat.start(
                store.presence(view.namespace()),
                context.loop().scheduler(),
                context.loop().clock(),
                PresenceRecord.newBuilder().setId(id).setProcess(process()).build(),
                config.presenceInterval(),
                config.presenceTtl());
        PresenceReport presence = new PresenceReport(beat, view, address);
        Adopter adopter = new Adopter(context, view.namespace(), presence);
        CatalogFollower follower = new CatalogFollower(context, store, view.catalog(), adopter);
        adopter.follow(follower);
        return new Followed(adopter, follower, new PinKeeper(context, adopter, follower, presence), presence);
    }

    private static String process() {
        String host = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "localhost");
        return System.getProperty("user.name", "unknown") + "@" + host + " "
                + ProcessHandle.current().pid();
    }

    /**
     * Starts on a thread of its own.
     *
     * @param store stays open for as long as this; the caller closes it afterwards
     * @param address where the server listens, for people; see {@link #address}
     */
    public static ServingViews start(ViewConfig config, Store store, String address, HotRows hotRows) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "penstock-view");
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setRemoveOnCancelPolicy(true);
        ViewLoop loop = new ViewLoop(scheduler, InstantSource.system(), System::nanoTime);
        return start(config, store, address, hotRows, loop, true);
    }

    /**
     * Starts on a given thread and given clocks.
     *
     * @param scheduler runs one task at a time, in order; the caller ends it after {@link #close}
     * @param nanoTime monotonic
     */
    public static ServingViews start(
            ViewConfig config,
            Store store,
            String address,
            HotRows hotRows,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            LongSupplier nanoTime) {
        return start(config, store, address, hotRows, new ViewLoop(scheduler, clock, nanoTime), false);
    }

    private static ServingViews start(
            ViewConfig config, Store store, String address, HotRows hotRows, ViewLoop loop, boolean ownsScheduler) {
        ServingViews views = new ServingViews(config, store, address, hotRows, loop, ownsScheduler);
        loop.execute(
                () -> views.namespaces.values().forEach(each -> each.follower().start()));
        return views;
    }

    /** Has the present view. */
    public ViewHolder holder() {
        return holder;
    }

    /** Complete once every namespace's catalog was read and what it lists was loaded, or cannot be. */
    public CompletionStage<Void> firstAdoption() {
        return CompletableFuture.allOf(namespaces.values().stream()
                .map(each -> each.adopter().firstAdoption())
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Reports where the server listens, once it is known. */
    public void address(String address) {
        loop.execute(() -> namespaces.values().forEach(each -> each.presence().address(address)));
    }

    @Override
    public Pinned find(DatasetStatus dataset, long number, long nowNanos) {
        return followed(dataset.id().namespace()).pins().find(dataset, number, nowNanos);
    }

    @Override
    public CompletionStage<Verdict> recheck(DatasetView view) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        Followed of = followed(view.id().namespace());
        loop.execute(() -> of.follower().readSoon(believed -> {
            if (!believed) {
                verdict.complete(Verdict.unavailable(reason(view.catalog())));
            } else if (isKept(of.follower(), view)) {
                verdict.complete(Verdict.KEPT);
            } else {
                of.adopter().whenIdle(() -> verdict.complete(moved(view)));
            }
        }));
        return verdict;
    }

    @Override
    public CompletionStage<Void> refresh(String namespace) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Followed of = followed(namespace);
        loop.execute(() -> of.follower().readSoon(believed -> of.adopter().whenIdle(() -> done.complete(null))));
        return done;
    }

    @Override
    public void reportLost(DatasetId dataset, long generation, int bucket) {
        Followed of = followed(dataset.namespace());
        loop.execute(() -> of.presence().lost(dataset.name(), generation, bucket));
    }

    /**
     * Some keys the version has, out of up to {@code buckets} of its buckets; fewer, or none, if those cannot be read.
     * Completes on the penstock-view thread. Who cancels it keeps what was not read yet from being read.
     */
    public CompletableFuture<List<String>> sampleKeys(DatasetView version, int buckets) {
        CompletableFuture<List<String>> keys = new CompletableFuture<>();
        loop.execute(() -> new KeySample(blobs, ThreadLocalRandom.current()).take(version, buckets, keys));
        return keys;
    }

    /** How many attempts to adopt what the catalog says have ended without it, for this dataset. */
    public long failedAdoptions(DatasetId dataset) {
        return followed(dataset.namespace()).adopter().failures(dataset.name());
    }

    private Followed followed(String namespace) {
        Followed of = namespaces.get(namespace);
        if (of == null) {
            throw new IllegalArgumentException(
                    "namespace: '" + namespace + "' (expected: one of " + namespaces.keySet() + ")");
        }
        return of;
    }

    private static boolean isKept(CatalogFollower follower, DatasetView view) {
        CatalogSnapshot catalog = Objects.requireNonNull(follower.last());
        DatasetEntry entry = catalog.dataset(view.id().name());
        VersionEntry version = entry == null ? null : CatalogSnapshot.findVersion(entry, view.generation());
        return version != null && version.getState() == VersionEntry.State.STATE_KEPT;
    }

    /** The version is not kept: whoever is still served it waits for better times, everybody else goes on. */
    private Verdict moved(DatasetView view) {
        DatasetStatus status = holder.current().find(view.id());
        DatasetView served = status == null ? null : status.served();
        return served != null && served.generation() == view.generation()
                ? Verdict.unavailable(Reason.REASON_CATALOG_UNCONFIRMED)
                : Verdict.MOVED;
    }

    private static Reason reason(CatalogStatus catalog) {
        return switch (catalog.condition()) {
            case NOT_INITIALISED -> Reason.REASON_NOT_INITIALISED;
            case UNREAD, UNREACHABLE -> Reason.REASON_STORE_UNREACHABLE;
            case CONFIRMED, UNREADABLE, FORKED -> Reason.REASON_CATALOG_UNCONFIRMED;
        };
    }

    /** Removes the presence records and ends the thread, waiting a few seconds at most. Idempotent. */
    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.execute(() -> {
            List<CompletableFuture<Void>> removals = new ArrayList<>();
            for (Followed each : namespaces.values()) {
                each.follower().close();
                removals.add(each.presence().end().toCompletableFuture());
            }
            blobs.close();
            var unused = CompletableFuture.allOf(removals.toArray(CompletableFuture<?>[]::new))
                    .whenComplete((removed, error) -> {
                        if (error == null) {
                            closed.complete(null);
                        } else {
                            closed.completeExceptionally(error);
                        }
                    });
        });
        if (!ownsScheduler || loop.scheduler().isShutdown()) {
            return;
        }
        try {
            closed.get(CLOSE_MAX.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "the presence record could not be removed within {}; it expires by itself: {}",
                    CLOSE_MAX,
                    String.valueOf(e.getCause()));
        }
        loop.scheduler().shutdownNow();
    }
}
