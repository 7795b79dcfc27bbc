package io.penstock.serving.adoption;

import io.penstock.serving.presence.PresenceReport;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HeldVersion;
import io.penstock.serving.view.PinnedVersions;
import io.penstock.store.DatasetId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** Finds and loads the versions requests name in one namespace. {@link #find} on any thread, the rest on the view loop. */
final class PinKeeper implements PinnedVersions {
    private static final Map<Reason, Pinned> NOTHING = new EnumMap<>(Reason.class);

    static {
        for (Reason reason : Reason.values()) {
            NOTHING.put(reason, new Pinned(null, reason));
        }
    }

    private final ViewContext context;
    private final Adopter adopter;
    private final CatalogFollower follower;
    private final PresenceReport presence;

    /**
     * Versions being loaded ({@code VERSION_LOADING}), or that could not be, until that may be tried again. Put by any
     * thread, changed and removed by the view loop. At most as many a dataset as may be pinned.
     */
    private final Map<Key, Reason> loading = new ConcurrentHashMap<>();

    PinKeeper(ViewContext context, Adopter adopter, CatalogFollower follower, PresenceReport presence) {
        this.context = context;
        this.adopter = adopter;
        this.follower = follower;
        this.presence = presence;
    }

    @Override
    public Pinned find(DatasetStatus dataset, long number, long nowNanos) {
        Reason why = dataset.versions().whyNotReadable(number);
        if (why != Reason.REASON_UNSPECIFIED) {
            return nothing(why);
        }
        DatasetView served = dataset.served();
        if (served != null && served.number() == number) {
            return new Pinned(served, Reason.REASON_UNSPECIFIED);
        }
        for (HeldVersion held : dataset.held()) {
            if (held.view().number() == number) {
                held.used(nowNanos);
                return new Pinned(held.view(), Reason.REASON_UNSPECIFIED);
            }
        }
        return nothing(load(dataset.id(), number));
    }

    private static Pinned nothing(Reason reason) {
        return Objects.requireNonNull(NOTHING.get(reason));
    }

    private Reason load(DatasetId id, long number) {
        Key key = new Key(id, number);
        Reason known = loading.get(key);
        if (known != null) {
            return known;
        }
        boolean full =
                loading.keySet().stream().filter(other -> other.id().equals(id)).count()
                        >= context.config().pinnedVersions();
        if (!full && loading.putIfAbsent(key, Reason.REASON_VERSION_LOADING) == null) {
            context.loop().execute(() -> announce(key));
        }
        return Reason.REASON_VERSION_LOADING;
    }

    private void announce(Key key) {
        DatasetStatus status = adopter.view().dataset(key.id().name());
        long generation = status == null ? 0 : status.versions().keptGeneration(key.number());
        if (status == null || generation == 0 || status.loaded(key.number()) != null) {
            loading.remove(key);
            return;
        }
        context.loop()
                .ask(
                        () -> presence.announce(key.id().name(), List.of(generation)),
                        unused -> follower.readNow(believed -> loadIfKept(key, generation, believed)),
                        error -> failed(key, generation, Reason.REASON_STORE_UNREACHABLE));
    }

    private void loadIfKept(Key key, long generation, boolean believed) {
        DatasetStatus status = adopter.view().dataset(key.id().name());
        if (!believed) {
            failed(key, generation, Reason.REASON_STORE_UNREACHABLE);
        } else if (status == null || status.versions().keptGeneration(key.number()) != generation) {
            ended(key, generation);
        } else {
            CompletableFuture<LoadedVersion> load =
                    context.loader().load(key.id(), generation, key.number(), loaded(status));
            LoadException tooLate =
                    new LoadException(Reason.REASON_STORE_UNREACHABLE, "not all of it was read in time");
            ScheduledFuture<?> overdue =
                    context.loop().after(context.config().adoptionMax(), () -> load.completeExceptionally(tooLate));
            var unused = load.whenComplete((version, error) -> context.loop().execute(() -> {
                overdue.cancel(false);
                if (version == null) {
                    failed(key, generation, VersionLoader.failure(error).reason());
                } else {
                    pin(key, version);
                }
            }));
        }
    }

    private void pin(Key key, LoadedVersion version) {
        long generation = version.manifest().getGeneration();
        DatasetStatus status = adopter.view().dataset(key.id().name());
        if (status != null && status.versions().keptGeneration(key.number()) == generation) {
            adopter.pin(version.view(
                    status.catalog(),
                    adopter.revisionOf(key.id(), generation),
                    context.loop().millis()));
        }
        ended(key, generation);
    }

    private static List<DatasetView> loaded(DatasetStatus status) {
        List<DatasetView> views = new ArrayList<>();
        @Nullable DatasetView served = status.served();
        if (served != null) {
            views.add(served);
        }
        status.held().forEach(held -> views.add(held.view()));
        return views;
    }

    private void failed(Key key, long generation, Reason reason) {
        presence.withdraw(key.id().name(), List.of(generation));
        loading.put(key, reason);
        var unused = context.loop().after(context.config().retryMin(), () -> loading.remove(key));
    }

    private void ended(Key key, long generation) {
        presence.withdraw(key.id().name(), List.of(generation));
        loading.remove(key);
    }

    private record Key(DatasetId id, long number) {}
}
