package io.penstock.serving.adoption;

import io.penstock.serving.presence.PresenceReport;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HeldVersion;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.catalog.CatalogSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to move a namespace's view to its catalog. Confined to the view loop; each step ends by starting the next.
 *
 * <h2>The hazard pointer</h2>
 *
 * <p>What is to be loaded is named in presence first, and the catalog is read again, strongly, after the store has
 * confirmed that: a collector reads the catalog before it reads presence, so either it sees the name, or the second read
 * sees that the version is no longer current. (Michael, <i>Hazard Pointers</i>, 2004.) If the second read names something
 * that was not announced, the step is repeated.
 *
 * <h2>Time</h2>
 *
 * <p>An attempt ends after {@code catalog.adoption_time}, whatever it waits for: what has been loaded by then flips, the
 * rest is said in the problems and tried again. What it has asked of the store and not got is given up.
 *
 * <h2>Groups</h2>
 *
 * <p>Whatever loaded flips in one change of the view. A dataset that cannot be loaded holds its group, see {@link
 * AdoptionPlan}; one of which nothing is served yet holds nobody, because no batch can show an old state of it.
 *
 * <h2>Rollbacks</h2>
 *
 * <p>A group with a rollback waits for nobody else: it flips as soon as it is loaded, mostly while planning, and fetches
 * its hot rows afterwards. One that the running attempt does not know of makes that attempt obsolete.
 */
final class Adoption {
    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final ViewContext context;
    private final Adopter adopter;
    private final CatalogFollower follower;
    private final PresenceReport presence;

    private final Map<String, Set<Long>> announced = new TreeMap<>();
    private final Map<String, DatasetView> loaded = new LinkedHashMap<>();
    private final Map<String, String> problems = new TreeMap<>();

    /** Targets of the plan that flipped ahead of the rest. */
    private final Set<String> flipped = new HashSet<>();

    private AdoptionPlan plan = new AdoptionPlan(Map.of(), List.of());
    private final Map<String, CompletableFuture<LoadedVersion>> loading = new LinkedHashMap<>();
    private @Nullable ScheduledFuture<?> overdue;
    private @Nullable ScheduledFuture<?> lastResort;
    private @Nullable ScheduledFuture<?> prefetchOver;
    private boolean ended;

    Adoption(ViewContext context, Adopter adopter, CatalogFollower follower, PresenceReport presence) {
        this.context = context;
        this.adopter = adopter;
        this.follower = follower;
        this.presence = presence;
    }

    void start() {
        step(() -> {
            ViewConfig config = context.config();
            Duration longest = config.adoptionMax().plus(config.prefetchMax()).plus(config.readTimeout());
            lastResort = context.loop().after(longest, () -> step(() -> failAll("a bug: the attempt did not end")));
            overdue = context.loop().after(config.adoptionMax(), () -> step(this::overdue));
            plan();
        });
    }

    /** Whether the catalog has taken back something that is being adopted, or that is served, unknown to this attempt. */
    boolean isObsolete(Catalog catalog) {
        for (AdoptionPlan.Target next :
                AdoptionPlan.of(adopter.view(), catalog).targets().values()) {
            AdoptionPlan.Target known = plan.targets().get(next.id().name());
            if (next.isRollback() && (known == null || known.revision() != next.revision())) {
                return true;
            }
        }
        for (AdoptionPlan.Target target : plan.targets().values()) {
            DatasetEntry entry =
                    CatalogSnapshot.findDataset(catalog, target.id().name());
            VersionEntry version = entry == null ? null : CatalogSnapshot.findVersion(entry, target.generation());
            if (version == null || version.getState() != VersionEntry.State.STATE_KEPT) {
                return true;
            }
        }
        return false;
    }

    void cancel() {
        end();
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        if (overdue != null) {
            overdue.cancel(false);
        }
        if (lastResort != null) {
            lastResort.cancel(false);
        }
        if (prefetchOver != null) {
            prefetchOver.cancel(false);
        }
        loading.values().forEach(version -> version.cancel(false));
        announced.forEach(presence::withdraw);
        return true;
    }

    /** Plans by the catalog last read, and announces what is to be loaded until nothing is missing there. */
    private void plan() {
        plan = AdoptionPlan.of(adopter.view(), adopter.takeCatalog());
        if (plan.isEmpty()) {
            finish();
            return;
        }
        takeLoaded();
        flipRollbacks();
        List<CompletionStage<Void>> announcements = new ArrayList<>();
        for (AdoptionPlan.Target target : plan.targets().values()) {
            String name = target.id().name();
            Set<Long> of = announced.computeIfAbsent(name, unused -> new HashSet<>());
            if (target.loaded() == null && of.add(target.generation())) {
                announcements.add(presence.announce(name, List.of(target.generation())));
            }
        }
        if (announcements.isEmpty()) {
            load();
            return;
        }
        context.loop()
                .ask(
                        () -> allOf(announcements),
                        unused -> follower.readNow(believed -> step(believed ? this::plan : this::failUnread)),
                        error -> step(() -> failAll("presence could not be written: " + error.getMessage())));
    }

    private void takeLoaded() {
        loaded.clear();
        flipped.clear();
        for (AdoptionPlan.Target target : plan.targets().values()) {
            if (target.loaded() != null) {
                loaded.put(target.id().name(), target.loaded().at(target.revision(), now()));
            }
        }
    }

    private void load() {
        List<CompletableFuture<Void>> loads = new ArrayList<>();
        for (AdoptionPlan.Target target : plan.targets().values()) {
            if (target.loaded() != null) {
                continue;
            }
            CompletableFuture<LoadedVersion> load =
                    context.loader().load(target.id(), target.generation(), target.number(), versions(target.status()));
            loading.put(target.id().name(), load);
            loads.add(load.handle((version, error) -> {
                if (ended) {
                    return null;
                }
                if (version != null) {
                    loaded.put(target.id().name(), version.view(target.status().catalog(), target.revision(), now()));
                    flipRollbacks();
                } else {
                    problems.put(target.id().name(), problem(target, VersionLoader.failure(error)));
                }
                return null;
            }));
        }
        context.loop()
                .ask(
                        () -> allOf(loads),
                        unused -> step(this::loaded),
                        error -> step(() -> {
                            LOG.error(
                                    "a bug while loading {}; please report it",
                                    plan.targets().keySet(),
                                    error);
                            loaded();
                        }));
    }

    /** The time is over: what is loaded goes on, what is not is given up. */
    private void overdue() {
        String within = " within " + context.config().adoptionMax().toMillis() + " ms (catalog.adoption_time)";
        if (loading.isEmpty()) {
            failAll("presence and the catalog could not be written and read" + within);
            return;
        }
        LoadException tooLate = new LoadException(Reason.REASON_STORE_UNREACHABLE, "not all of it was read" + within);
        loading.values().forEach(version -> version.completeExceptionally(tooLate));
    }

    private void loaded() {
        if (overdue != null) {
            overdue.cancel(false); // what is left has a bound of its own
        }
        for (AdoptionPlan.Target target : plan.targets().values()) {
            String name = target.id().name();
            if (!loaded.containsKey(name) && !flipped.contains(name)) {
                problems.putIfAbsent(name, notAdopted(target, "a bug: its loading ended without a result"));
            }
        }
        holdGroups();
        prefetch();
    }

    private static List<DatasetView> versions(DatasetStatus status) {
        List<DatasetView> versions = new ArrayList<>();
        if (status.served() != null) {
            versions.add(status.served());
        }
        for (HeldVersion held : status.held()) {
            versions.add(held.view());
        }
        return versions;
    }

    private static String problem(AdoptionPlan.Target target, LoadException error) {
        return "version " + target.number() + " cannot be loaded: " + error.getMessage()
                + (error.reason() == Reason.REASON_STORE_UNREACHABLE
                        ? "; look at the store"
                        : "; publish a snapshot with 'penstock publish --rewrite', or roll back");
    }

    /** A dataset that keeps its old version keeps its whole group there. */
    private void holdGroups() {
        for (String failed : Set.copyOf(problems.keySet())) {
            if (!target(failed).isServed()) {
                continue;
            }
            for (String partner : plan.groupOf(failed)) {
                loaded.remove(partner);
                problems.putIfAbsent(
                        partner, "held, because it moved together with " + failed + ", which cannot be loaded");
            }
        }
    }

    /** Flips the groups that have a rollback and are loaded, but for members of which nothing is served yet. */
    private void flipRollbacks() {
        Map<String, DatasetView> ready = new LinkedHashMap<>();
        for (AdoptionPlan.Target target : plan.targets().values()) {
            Set<String> group = plan.groupOf(target.id().name());
            if (target.isRollback() && group.stream().allMatch(this::holdsNobody)) {
                for (String name : group) {
                    DatasetView version = loaded.get(name);
                    if (version != null) {
                        ready.put(name, version);
                    }
                }
            }
        }
        if (!ready.isEmpty()) {
            adopter.flip(ready);
            loaded.keySet().removeAll(ready.keySet());
            flipped.addAll(ready.keySet());
            fetchHotRows(ready.values());
        }
    }

    private boolean holdsNobody(String name) {
        return loaded.containsKey(name)
                || flipped.contains(name)
                || !target(name).isServed();
    }

    private AdoptionPlan.Target target(String name) {
        return Objects.requireNonNull(plan.targets().get(name));
    }

    /** Lets the near cache fetch its hottest changed rows, for a bounded time. */
    private void prefetch() {
        List<CompletionStage<Void>> fetches = fetchHotRows(loaded.values());
        if (fetches.isEmpty()) {
            flip();
            return;
        }
        prefetchOver = context.loop().after(context.config().prefetchMax(), () -> step(this::flip));
        context.loop().ask(() -> allOf(fetches), unused -> step(this::flip), error -> step(this::flip));
    }

    private List<CompletionStage<Void>> fetchHotRows(Collection<DatasetView> nexts) {
        long deadline =
                context.loop().nanoTime() + context.config().prefetchMax().toNanos();
        List<CompletionStage<Void>> fetches = new ArrayList<>();
        for (DatasetView next : nexts) {
            DatasetView before = target(next.id().name()).status().served();
            if (before != null && before.table() != next.table()) {
                fetches.add(fetchHotRows(before, next, deadline));
            }
        }
        return fetches;
    }

    private CompletionStage<Void> fetchHotRows(DatasetView before, DatasetView next, long deadline) {
        try {
            return context.hotRows().prefetch(before, next, deadline);
        } catch (RuntimeException e) {
            LOG.warn("{}: hot rows could not be fetched, the version is adopted without", next, e);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void flip() {
        if (!loaded.isEmpty()) {
            adopter.flip(loaded);
        }
        finish();
    }

    /** Runs a step unless this attempt has ended; one that throws ends it. */
    private void step(Runnable step) {
        if (ended) {
            return;
        }
        try {
            step.run();
        } catch (Throwable e) {
            LOG.error(
                    "a bug while adopting {}; the present view is held, please report it",
                    plan.targets().keySet(),
                    e);
            failAll("a bug: " + e);
        }
    }

    private void failUnread() {
        failAll("the catalog could not be read again");
    }

    private void failAll(String problem) {
        for (AdoptionPlan.Target target : plan.targets().values()) {
            if (!flipped.contains(target.id().name())) {
                problems.put(target.id().name(), notAdopted(target, problem));
            }
        }
        finish();
    }

    private static String notAdopted(AdoptionPlan.Target target, String problem) {
        return "version " + target.number() + " is not adopted: " + problem;
    }

    private void finish() {
        if (end()) {
            adopter.adopted(problems);
        }
    }

    private long now() {
        return context.loop().millis();
    }

    private static CompletionStage<Void> allOf(List<? extends CompletionStage<Void>> stages) {
        return CompletableFuture.allOf(
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
    }
}
