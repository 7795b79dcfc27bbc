package io.penstock.store.catalog;

import static java.util.Objects.requireNonNull;

import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.CommitGroup;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Layout;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.storage.v1.VersionEntry.State;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import io.penstock.store.catalog.CatalogTransitions.Committing;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An explicit-state model checker of the catalog's protocol: breadth-first search over every interleaving of publishers,
 * servers, collectors and an operator, with crashes, pauses, lost replies, delayed writes and a failover. The transitions
 * are the real ones; blobs are three bits a generation (two buckets and a manifest).
 *
 * <p>Two datasets. Publisher 0 publishes both, in one commit; publisher 1 only the first. Each rewrites one of the two
 * buckets and takes the other from its parent, so versions share blobs. Retention is one version, so everything else
 * retires as soon as a collector looks.
 */
final class CatalogModel {
    private static final String[] DATASETS = {"a.v1", "b.v1"};
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Layout LAYOUT =
            Layout.newBuilder().setBits(1).setSeed(1).build();

    /** Generations of a dataset: 1 is there at the start, 2 and 3 are the publishers'. */
    private static final int GENERATIONS = 3;

    private static final int BUCKETS = 2;
    private static final int BLOBS = BUCKETS + 1;

    /** A defect to build in, to see that the model would find it. */
    enum Mutation {
        NONE,
        COLLECTOR_IGNORES_PRESENCE,
        SERVER_LOADS_WITHOUT_SECOND_READ,
        SWEEP_FORGETS_AT_ONCE
    }

    /** How much may happen in one run. */
    static final class Bounds {
        int publishers;
        int servers;
        int collectors;
        boolean rollback;
        /** The operator purges what is current when it looks, once something else is. */
        boolean purge;

        int crashes;
        int pauses;
        int lostReplies;
        int delayedWrites;
        int failovers;
        int statesMax = 400_000;
        Mutation mutation = Mutation.NONE;

        static Bounds of(Consumer<Bounds> setting) {
            Bounds bounds = new Bounds();
            setting.accept(bounds);
            return bounds;
        }
    }

    /** @param violation empty, or what was broken and the shortest way there */
    record Result(int states, int finished, String violation) {}

    /** The register: the value, the write id that a compare-and-set expects, and the value before the last write. */
    record Register(Catalog value, int writeId, @Nullable Register before) {}

    /** A write that was sent and has not arrived. */
    record Delayed(int expected, Catalog value) {}

    enum PublisherAt {
        BEGIN,
        LAY_OUT,
        WRITE_BUCKETS,
        WRITE_MANIFESTS,
        COMMIT,
        ABANDON,
        DONE,
        CRASHED;

        boolean over() {
            return this == DONE || this == CRASHED;
        }
    }

    record Publisher(PublisherAt at, boolean committed) {}

    record Loaded(long generation, long revision) {}

    enum ServerAt {
        READ,
        ANNOUNCE,
        READ_AGAIN,
        FORKED
    }

    /** What a server answers from, held before, and is about to load, for each dataset. */
    record Server(
            ServerAt at, List<Loaded> serving, List<Loaded> previous, List<Loaded> target, Set<Loaded> announced) {}

    enum CollectorAt {
        RETIRE,
        READ_CATALOG,
        READ_PRESENCE,
        DELETE_BUCKETS,
        DELETE_MANIFESTS,
        COLLECTED,
        DONE
    }

    /**
     * What a collector knows: the catalog it read, the generations that nobody could write under any
     * more when it began, the blobs it will delete, and the (dataset, generation) pairs these belong to.
     */
    record Collector(CollectorAt at, @Nullable Catalog seen, Set<Long> harmless, long doomed, Set<Integer> gone) {}

    enum OperatorAt {
        READ,
        ROLL_BACK,
        PURGE,
        DONE
    }

    record Operator(OperatorAt at, long target) {}

    /** One state; never changed once it was visited. */
    static final class Model implements Cloneable {
        Register register = new Register(Catalog.getDefaultInstance(), 0, null);
        List<Delayed> delayed = List.of();
        List<Publisher> publishers = List.of();
        List<Server> servers = List.of();
        List<Collector> collectors = List.of();
        Operator operator = new Operator(OperatorAt.DONE, 0);
        long blobs;
        long manifests;
        int crashes;
        int pauses;
        int lostReplies;
        int delayedWrites;
        int failovers;
        boolean failedOver;

        Model but(Consumer<Model> change) {
            try {
                Model copy = (Model) clone();
                change.accept(copy);
                return copy;
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        Model with(int i, Publisher publisher) {
            return but(m -> m.publishers = replaced(publishers, i, publisher));
        }

        Model with(int i, Server server) {
            return but(m -> m.servers = replaced(servers, i, server));
        }

        Model with(int i, Collector collector) {
            return but(m -> m.collectors = replaced(collectors, i, collector));
        }

        Model with(Operator next) {
            return but(m -> m.operator = next);
        }

        private List<Object> parts() {
            return List.of(
                    register,
                    delayed,
                    publishers,
                    servers,
                    collectors,
                    operator,
                    List.of(blobs, manifests),
                    List.of(crashes, pauses, lostReplies, delayedWrites, failovers, failedOver));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Model that && parts().equals(that.parts());
        }

        @Override
        public int hashCode() {
            return parts().hashCode();
        }
    }

    private final Bounds bounds;
    private final Map<Model, Cause> visited = new HashMap<>();
    private final ArrayDeque<Model> queue = new ArrayDeque<>();
    private int finished;

    private record Cause(@Nullable Model from, String step) {}

    private CatalogModel(Bounds bounds) {
        this.bounds = bounds;
    }

    static Result explore(Bounds bounds) {
        return new CatalogModel(bounds).explore();
    }

    private Result explore() {
        Model start = start();
        visited.put(start, new Cause(null, "start"));
        queue.add(start);
        while (!queue.isEmpty() && visited.size() < bounds.statesMax) {
            Model model = queue.remove();
            String broken = brokenPromise(model);
            if (broken.isEmpty()) {
                int before = visited.size();
                boolean moved = expand(model);
                if (!moved && before == visited.size()) {
                    finished++;
                    broken = brokenAtTheEnd(model);
                }
            }
            if (!broken.isEmpty()) {
                return new Result(visited.size(), finished, broken + "\n" + trace(model));
            }
        }
        return new Result(visited.size(), Math.max(finished, visited.size() >= bounds.statesMax ? 1 : 0), "");
    }

    private String trace(Model model) {
        List<String> steps = new ArrayList<>();
        for (Cause cause = visited.get(model);
                cause != null && cause.from() != null;
                cause = visited.get(cause.from())) {
            steps.add(0, cause.step());
        }
        return String.join("\n", steps);
    }

    private Model start() {
        Catalog.Builder catalog = Catalog.newBuilder().setFormat(1).setStoreId(1);
        long blobs = 0;
        for (int d = 0; d < DATASETS.length; d++) {
            catalog.addDatasets(DatasetEntry.newBuilder()
                    .setName(DATASETS[d])
                    .setCurrent(1)
                    .setRevision(1)
                    .setLastNumber(1)
                    .addVersions(VersionEntry.newBuilder()
                            .setNumber(1)
                            .setGeneration(1)
                            .setState(State.STATE_KEPT)
                            .setGroup(1))
                    .addMoves(io.penstock.storage.v1.Move.newBuilder()
                            .setRevision(1)
                            .setGeneration(1)
                            .setOperationId(1)));
            blobs |= bit(d, 1, 0) | bit(d, 1, 1) | bit(d, 1, BUCKETS);
        }
        List<Loaded> first = List.of(new Loaded(1, 1), new Loaded(1, 1));
        Model start = new Model();
        start.register = new Register(catalog.build(), 0, null);
        start.publishers = copies(bounds.publishers, new Publisher(PublisherAt.BEGIN, false));
        start.servers = copies(bounds.servers, new Server(ServerAt.READ, first, first, first, Set.copyOf(first)));
        start.collectors = copies(bounds.collectors, new Collector(CollectorAt.RETIRE, null, Set.of(), 0, Set.of()));
        start.operator =
                new Operator(bounds.purge ? OperatorAt.PURGE : bounds.rollback ? OperatorAt.READ : OperatorAt.DONE, 1);
        start.blobs = blobs;
        start.manifests = manifestCode(0, 1, 1, 1) | manifestCode(1, 1, 1, 1);
        start.crashes = bounds.crashes;
        start.pauses = bounds.pauses;
        start.lostReplies = bounds.lostReplies;
        start.delayedWrites = bounds.delayedWrites;
        start.failovers = bounds.failovers;
        return start;
    }

    private static <T> List<T> copies(int n, T value) {
        return List.copyOf(Collections.nCopies(n, value));
    }

    // ---- Blobs: one bit each. Manifests: for each (dataset, generation, bucket) two bits, the generation it names.
    // ----

    private static long bit(int dataset, long generation, int blob) {
        return 1L << ((dataset * GENERATIONS + ((int) generation - 1)) * BLOBS + blob);
    }

    private static int manifestShift(int dataset, long generation, int bucket) {
        return ((dataset * GENERATIONS + ((int) generation - 1)) * BUCKETS + bucket) * 2;
    }

    private static long manifestCode(int dataset, long generation, long named0, long named1) {
        return named0 << manifestShift(dataset, generation, 0) | named1 << manifestShift(dataset, generation, 1);
    }

    private static long named(Model model, int dataset, long generation, int bucket) {
        return model.manifests >>> manifestShift(dataset, generation, bucket) & 3;
    }

    /** The blobs a version needs. */
    private static long needs(Model model, int dataset, long generation) {
        long blobs = bit(dataset, generation, BUCKETS);
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            long named = named(model, dataset, generation, bucket);
            if (named != 0) {
                blobs |= bit(dataset, named, bucket);
            }
        }
        return blobs;
    }

    private static long writtenBy(int dataset, long generation) {
        return bit(dataset, generation, 0) | bit(dataset, generation, 1) | bit(dataset, generation, BUCKETS);
    }

    // ---- Promises ----

    private String brokenPromise(Model model) {
        Catalog catalog = model.register.value();
        for (int d = 0; d < DATASETS.length; d++) {
            DatasetEntry dataset = catalog.getDatasets(d);
            VersionEntry current = CatalogSnapshot.findVersion(dataset, dataset.getCurrent());
            if (current == null || current.getState() != State.STATE_KEPT) {
                return "what is current is not kept: " + dataset;
            }
            for (VersionEntry version : dataset.getVersionsList()) {
                boolean kept = version.getState() == State.STATE_KEPT;
                long needs = needs(model, d, version.getGeneration());
                if (kept && !model.failedOver && (model.blobs & needs) != needs) {
                    return "a kept version lost a blob: " + dataset;
                }
                if (dataset.getAbandonedList().stream()
                        .anyMatch(abandoned -> abandoned.getGeneration() == version.getGeneration())) {
                    return "a committed generation is abandoned: " + dataset;
                }
            }
        }
        for (CommitGroup group : catalog.getGroupsList()) {
            for (CommitGroup.Member member : group.getMembersList()) {
                DatasetEntry dataset = requireNonNull(CatalogSnapshot.findDataset(catalog, member.getDataset()));
                VersionEntry current = CatalogSnapshot.findVersion(dataset, dataset.getCurrent());
                if (current == null || current.getNumber() < member.getNumber()) {
                    return "one member of a commit is undone and another is not: " + catalog;
                }
            }
        }
        return brokenServerPromise(model);
    }

    private static String brokenServerPromise(Model model) {
        if (model.failedOver) {
            return "";
        }
        Map<String, Long> generationAt = new HashMap<>();
        for (Server server : model.servers) {
            if (server.at() == ServerAt.FORKED) {
                return "a server took an unbroken history for a fork";
            }
            for (int d = 0; d < DATASETS.length; d++) {
                Loaded loaded = server.serving().get(d);
                long needs = needs(model, d, loaded.generation());
                if ((model.blobs & needs) != needs) {
                    return "a server's version lost a blob: " + server;
                }
                Long other = generationAt.putIfAbsent(d + "@" + loaded.revision(), loaded.generation());
                if (other != null && other != loaded.generation()) {
                    return "two servers hold different versions at one revision: " + model.servers;
                }
            }
        }
        return "";
    }

    /** Once nobody moves any more: a last collection must leave exactly what kept versions name. */
    private String brokenAtTheEnd(Model model) {
        if (model.failedOver || bounds.collectors == 0) {
            return "";
        }
        for (Publisher publisher : model.publishers) {
            if (!publisher.at().over()) {
                return "";
            }
        }
        Catalog catalog = model.register.value();
        long left = model.blobs;
        long wanted = 0;
        for (int d = 0; d < DATASETS.length; d++) {
            DatasetEntry dataset = catalog.getDatasets(d);
            for (VersionEntry version : dataset.getVersionsList()) {
                wanted |= needs(model, d, version.getGeneration());
            }
            for (var abandoned : dataset.getAbandonedList()) {
                left &= ~writtenBy(d, abandoned.getGeneration()) | wanted;
            }
            if (dataset.hasSlot()) {
                left &= ~writtenBy(d, dataset.getSlot().getGeneration()) | wanted;
            }
        }
        return (left & ~wanted) == 0 ? "" : "blobs nobody names are left: " + Long.toBinaryString(left & ~wanted);
    }

    // ---- Steps ----

    private boolean expand(Model model) {
        boolean moved = false;
        for (int i = 0; i < model.publishers.size(); i++) {
            moved |= publisherStep(model, i);
        }
        for (int i = 0; i < model.servers.size(); i++) {
            moved |= serverStep(model, i);
        }
        for (int i = 0; i < model.collectors.size(); i++) {
            moved |= collectorStep(model, i);
        }
        moved |= operatorStep(model);
        for (int i = 0; i < model.delayed.size(); i++) {
            arrive(model, i);
        }
        Register lost = model.register.before();
        if (model.failovers > 0 && lost != null) {
            Model after = model.but(m -> {
                m.register = lost;
                m.failovers--;
                m.failedOver = true;
            });
            go(model, after, "a failover loses the last write");
        }
        return moved;
    }

    private static long generationOf(int publisher) {
        return publisher + 2L;
    }

    private static int[] datasetsOf(int publisher) {
        return publisher == 0 ? new int[] {0, 1} : new int[] {0};
    }

    private boolean publisherStep(Model model, int i) {
        Publisher publisher = model.publishers.get(i);
        long generation = generationOf(i);
        String who = "publisher " + i + ": ";
        if (publisher.at().over()) {
            return false;
        }
        if (model.crashes > 0) {
            Model crashed =
                    model.with(i, new Publisher(PublisherAt.CRASHED, false)).but(m -> m.crashes--);
            go(model, crashed, who + "dies");
        }
        switch (publisher.at()) {
            case BEGIN -> {
                return begin(model, i);
            }
            case LAY_OUT -> {
                CatalogTransition layOut = all(i, (name, d) -> CatalogTransitions.layOut(name, generation, LAYOUT));
                apply(
                        model,
                        100 + i,
                        layOut,
                        who + "lays out",
                        after -> after.with(i, new Publisher(PublisherAt.WRITE_BUCKETS, false)),
                        () -> model.with(i, new Publisher(PublisherAt.ABANDON, false)));
            }
            case WRITE_BUCKETS -> {
                long written = bit(0, generation, i % BUCKETS) | (i == 0 ? bit(1, generation, i % BUCKETS) : 0);
                Model after = model.with(i, new Publisher(PublisherAt.WRITE_MANIFESTS, false));
                go(model, after.but(m -> m.blobs |= written), who + "writes buckets");
            }
            case WRITE_MANIFESTS -> writeManifests(model, i);
            case COMMIT -> {
                List<Committing> commits = new ArrayList<>();
                for (int d : datasetsOf(i)) {
                    commits.add(new Committing(DATASETS[d], generation, null));
                }
                apply(
                        model,
                        200 + i,
                        CatalogTransitions.commit(commits, 200 + i, NOW),
                        who + "commits",
                        after -> after.with(i, new Publisher(PublisherAt.DONE, true)),
                        () -> model.with(i, new Publisher(PublisherAt.ABANDON, false)));
            }
            case ABANDON ->
                apply(
                        model,
                        300 + i,
                        all(i, (name, d) -> CatalogTransitions.abandon(name, generation, NOW)),
                        who + "abandons",
                        after -> after.with(i, new Publisher(PublisherAt.DONE, false)),
                        () -> model.with(i, new Publisher(PublisherAt.DONE, false)));
            case DONE, CRASHED -> throw new AssertionError(publisher);
        }
        return true;
    }

    private boolean begin(Model model, int i) {
        Set<Long> silent = new HashSet<>();
        boolean usesPause = false;
        for (int d : datasetsOf(i)) {
            DatasetEntry dataset = model.register.value().getDatasets(d);
            if (dataset.hasSlot()) {
                long busy = dataset.getSlot().getGeneration();
                Publisher owner = model.publishers.get((int) busy - 2);
                if (owner.at().over()) {
                    silent.add(busy);
                } else if (model.pauses > 0) {
                    silent.add(busy);
                    usesPause = true;
                } else {
                    return false; // it waits
                }
            }
        }
        List<Beginning> beginnings = new ArrayList<>();
        for (int d : datasetsOf(i)) {
            beginnings.add(new Beginning(DATASETS[d], generationOf(i)));
        }
        Model paused = usesPause ? model.but(m -> m.pauses--) : model;
        apply(
                model,
                paused,
                400 + i,
                CatalogTransitions.begin(beginnings, "p" + i, silent, "me", NOW),
                "publisher " + i + ": begins" + (usesPause ? " over a paused one" : ""),
                after -> after.with(i, new Publisher(PublisherAt.LAY_OUT, false)),
                () -> model.with(i, new Publisher(PublisherAt.DONE, false)));
        return true;
    }

    /** The parent is the one its slot named; for one that was fenced meanwhile any will do, it cannot commit. */
    private void writeManifests(Model model, int i) {
        long generation = generationOf(i);
        Model after = model.with(i, new Publisher(PublisherAt.COMMIT, false));
        for (int d : datasetsOf(i)) {
            DatasetEntry dataset = model.register.value().getDatasets(d);
            boolean mine = dataset.hasSlot() && dataset.getSlot().getGeneration() == generation;
            long parent = mine ? dataset.getSlot().getParent() : 1;
            int own = i % BUCKETS;
            long named0 = own == 0 ? generation : named(model, d, parent, 0);
            long named1 = own == 1 ? generation : named(model, d, parent, 1);
            after = after.but(m -> {
                m.manifests |= manifestCode(d, generation, named0, named1);
                m.blobs |= bit(d, generation, BUCKETS);
            });
        }
        go(model, after, "publisher " + i + ": writes manifests");
    }

    private boolean serverStep(Model model, int i) {
        Server server = model.servers.get(i);
        Catalog catalog = model.register.value();
        String who = "server " + i + ": ";
        switch (server.at()) {
            case READ -> {
                List<Loaded> target = currentOf(catalog);
                if (forked(catalog, server)) {
                    go(
                            model,
                            model.with(
                                    i,
                                    new Server(
                                            ServerAt.FORKED,
                                            server.serving(),
                                            server.previous(),
                                            target,
                                            server.announced())),
                            who + "sees a fork");
                    return true;
                }
                if (target.equals(server.serving())) {
                    return false;
                }
                go(
                        model,
                        model.with(
                                i,
                                new Server(
                                        ServerAt.ANNOUNCE,
                                        server.serving(),
                                        server.previous(),
                                        target,
                                        server.announced())),
                        who + "reads the catalog");
                return true;
            }
            case ANNOUNCE -> {
                Set<Loaded> announced = new HashSet<>(server.serving());
                announced.addAll(server.previous());
                announced.addAll(server.target());
                go(
                        model,
                        model.with(
                                i,
                                new Server(
                                        ServerAt.READ_AGAIN,
                                        server.serving(),
                                        server.previous(),
                                        server.target(),
                                        announced)),
                        who + "announces its target");
                return true;
            }
            case READ_AGAIN -> {
                boolean loads = bounds.mutation == Mutation.SERVER_LOADS_WITHOUT_SECOND_READ
                        || (!forked(catalog, server) && stillKept(catalog, server.target()));
                Server next = loads
                        ? new Server(
                                ServerAt.READ, server.target(), server.serving(), server.target(), server.announced())
                        : new Server(
                                ServerAt.READ,
                                server.serving(),
                                server.previous(),
                                server.serving(),
                                server.announced());
                go(model, model.with(i, next), who + (loads ? "loads" : "reads again and starts over"));
                return true;
            }
            case FORKED -> {
                return false;
            }
        }
        throw new AssertionError(server);
    }

    private static List<Loaded> currentOf(Catalog catalog) {
        return catalog.getDatasetsList().stream()
                .map(dataset -> new Loaded(dataset.getCurrent(), dataset.getRevision()))
                .toList();
    }

    private static boolean forked(Catalog catalog, Server server) {
        for (int d = 0; d < DATASETS.length; d++) {
            Loaded loaded = server.serving().get(d);
            if (MoveHistory.of(catalog.getDatasets(d), loaded.revision(), loaded.generation()) == MoveHistory.FORKED) {
                return true;
            }
        }
        return false;
    }

    private static boolean stillKept(Catalog catalog, List<Loaded> target) {
        for (int d = 0; d < DATASETS.length; d++) {
            VersionEntry version = CatalogSnapshot.findVersion(
                    catalog.getDatasets(d), target.get(d).generation());
            if (version == null || version.getState() != State.STATE_KEPT) {
                return false;
            }
        }
        return true;
    }

    private boolean collectorStep(Model model, int i) {
        Collector collector = model.collectors.get(i);
        String who = "collector " + i + ": ";
        switch (collector.at()) {
            case RETIRE ->
                apply(
                        model,
                        500 + i,
                        catalog -> CatalogTransitions.retire(DATASETS[1], 1, NOW)
                                .apply(CatalogTransitions.retire(DATASETS[0], 1, NOW)
                                        .apply(catalog)),
                        who + "retires",
                        after -> after.with(i, new Collector(CollectorAt.READ_CATALOG, null, Set.of(), 0, Set.of())),
                        () -> {
                            throw new AssertionError("retire was refused");
                        });
            case READ_CATALOG ->
                go(
                        model,
                        model.with(
                                i,
                                new Collector(
                                        CollectorAt.READ_PRESENCE,
                                        model.register.value(),
                                        harmless(model),
                                        0,
                                        Set.of())),
                        who + "reads the catalog");
            case READ_PRESENCE -> go(model, model.with(i, doom(model, collector)), who + "reads presence");
            case DELETE_BUCKETS -> {
                CollectorAt next = CollectorAt.DELETE_MANIFESTS;
                Model after = model.with(
                        i, new Collector(next, null, collector.harmless(), collector.doomed(), collector.gone()));
                go(model, after.but(m -> m.blobs &= ~collector.doomed() | allManifests()), who + "deletes buckets");
            }
            case DELETE_MANIFESTS -> {
                Model after = model.with(
                        i, new Collector(CollectorAt.COLLECTED, null, collector.harmless(), 0, collector.gone()));
                go(model, after.but(m -> m.blobs &= ~collector.doomed()), who + "deletes manifests");
            }
            case COLLECTED ->
                apply(
                        model,
                        600 + i,
                        collectedAndForgotten(collector),
                        who + "is done",
                        after -> after.with(i, new Collector(CollectorAt.DONE, null, Set.of(), 0, Set.of())),
                        () -> model.with(i, new Collector(CollectorAt.DONE, null, Set.of(), 0, Set.of())));
            case DONE -> {
                return false;
            }
        }
        return true;
    }

    private static long allManifests() {
        long bits = 0;
        for (int d = 0; d < DATASETS.length; d++) {
            for (int g = 1; g <= GENERATIONS; g++) {
                bits |= bit(d, g, BUCKETS);
            }
        }
        return bits;
    }

    /** What a collector deletes, from the catalog it read before and the presence it reads now. */
    private Collector doom(Model model, Collector collector) {
        long doomed = 0;
        Set<Integer> gone = new HashSet<>();
        for (int d = 0; d < DATASETS.length; d++) {
            DatasetEntry dataset = requireNonNull(collector.seen()).getDatasets(d);
            Set<Long> live = new HashSet<>();
            Set<Long> retiring = new HashSet<>();
            for (VersionEntry version : dataset.getVersionsList()) {
                (version.getState() == State.STATE_RETIRING ? retiring : live).add(version.getGeneration());
            }
            if (dataset.hasSlot()) {
                live.add(dataset.getSlot().getParent());
            }
            if (bounds.mutation != Mutation.COLLECTOR_IGNORES_PRESENCE) {
                for (Server server : model.servers) {
                    for (Loaded loaded : server.announced()) {
                        live.add(loaded.generation());
                    }
                }
            }
            long spared = 0;
            for (long generation : live) {
                spared |= needs(model, d, generation);
            }
            if (dataset.hasSlot()) {
                spared |= writtenBy(d, dataset.getSlot().getGeneration());
            }
            for (long generation : retiring) {
                if (!live.contains(generation)) {
                    doomed |= needs(model, d, generation) & ~spared;
                    gone.add(d * 100 + (int) generation);
                }
            }
            for (var abandoned : dataset.getAbandonedList()) {
                doomed |= writtenBy(d, abandoned.getGeneration()) & ~spared;
                gone.add(d * 100 + (int) abandoned.getGeneration());
            }
        }
        return new Collector(CollectorAt.DELETE_BUCKETS, null, collector.harmless(), doomed, gone);
    }

    /** Generations a sweep that begins now may forget: "a day or more after", nobody can write under them any more. */
    private static Set<Long> harmless(Model model) {
        Set<Long> harmless = new HashSet<>(Set.of(1L));
        for (int i = 0; i < model.publishers.size(); i++) {
            if (model.publishers.get(i).at().over()) {
                harmless.add(generationOf(i));
            }
        }
        return Set.copyOf(harmless);
    }

    private CatalogTransition collectedAndForgotten(Collector collector) {
        List<CatalogTransition> steps = new ArrayList<>();
        for (int each : collector.gone()) {
            String name = DATASETS[each / 100];
            long generation = each % 100;
            steps.add(CatalogTransitions.collected(name, generation));
            if (collector.harmless().contains(generation) || bounds.mutation == Mutation.SWEEP_FORGETS_AT_ONCE) {
                steps.add(CatalogTransitions.forget(name, generation));
            }
        }
        return catalog -> {
            Catalog next = catalog;
            for (CatalogTransition step : steps) {
                next = step.apply(next);
            }
            return next;
        };
    }

    private boolean operatorStep(Model model) {
        Operator operator = model.operator;
        switch (operator.at()) {
            case READ -> {
                try {
                    long target = CatalogSnapshot.defaultRollbackTarget(model.register.value(), DATASETS[0]);
                    go(model, model.with(new Operator(OperatorAt.ROLL_BACK, target)), "operator: reads the catalog");
                    return true;
                } catch (CatalogRefusedException e) {
                    return false;
                }
            }
            case ROLL_BACK -> {
                apply(
                        model,
                        700,
                        CatalogTransitions.rollback(DATASETS[0], operator.target(), false, 700, "me", NOW),
                        "operator: rolls back to " + operator.target(),
                        after -> after.with(new Operator(OperatorAt.DONE, 0)),
                        () -> model.with(new Operator(OperatorAt.DONE, 0)));
                return true;
            }
            case PURGE -> {
                DatasetEntry dataset = model.register.value().getDatasets(0);
                boolean listed = CatalogSnapshot.findVersion(dataset, operator.target()) != null;
                if (!listed || dataset.getCurrent() == operator.target()) {
                    return false;
                }
                apply(
                        model,
                        701,
                        CatalogTransitions.purge(DATASETS[0], Set.of(operator.target()), "erased", "me", NOW),
                        "operator: purges " + operator.target(),
                        after -> after.with(new Operator(OperatorAt.DONE, 0)),
                        () -> model.with(new Operator(OperatorAt.DONE, 0)));
                return true;
            }
            case DONE -> {
                return false;
            }
        }
        throw new AssertionError(operator);
    }

    // ---- The network ----

    private interface Next {
        Model from(Model after);
    }

    private interface Refused {
        Model next();
    }

    private void apply(
            Model model, long operationId, CatalogTransition transition, String step, Next next, Refused refused) {
        apply(model, model, operationId, transition, step, next, refused);
    }

    /** One attempt of {@link CatalogClient#apply}: read, look for the operation, apply, compare and set. */
    private void apply(
            Model from,
            Model model,
            long operationId,
            CatalogTransition transition,
            String step,
            Next next,
            Refused refused) {
        Register register = model.register;
        if (register.value().getOperationsList().contains(operationId)) {
            go(from, next.from(model), step + " (and finds that it had)");
            return;
        }
        Catalog after;
        try {
            after = transition.apply(register.value()).toBuilder().clearAudit().build();
        } catch (CatalogRefusedException e) {
            go(from, refused.next(), step + " (refused: " + e.reason() + ")");
            return;
        }
        if (after.equals(register.value())) {
            go(from, next.from(model), step + " (nothing to change)");
            return;
        }
        Catalog recorded = after.toBuilder().addOperations(operationId).build();
        Model applied = model.but(m -> m.register = written(register, recorded));
        go(from, next.from(applied), step);
        if (model.lostReplies > 0) {
            go(from, applied.but(m -> m.lostReplies--), step + " (the reply is lost)");
        }
        if (model.delayedWrites > 0) {
            Model sent = model.but(m -> {
                m.delayed = append(m.delayed, new Delayed(register.writeId(), recorded));
                m.delayedWrites--;
            });
            go(from, sent, step + " (the write is delayed)");
        }
    }

    private void arrive(Model model, int i) {
        Delayed delayed = model.delayed.get(i);
        List<Delayed> rest = new ArrayList<>(model.delayed);
        rest.remove(i);
        boolean applies = model.register.writeId() == delayed.expected();
        Model after = model.but(m -> {
            m.delayed = List.copyOf(rest);
            m.register = applies ? written(model.register, delayed.value()) : model.register;
        });
        go(model, after, "a delayed write arrives" + (applies ? "" : " too late"));
    }

    private Register written(Register register, Catalog value) {
        Register before = bounds.failovers > 0 ? new Register(register.value(), register.writeId(), null) : null;
        return new Register(
                value, register.writeId() + 1 + (bounds.failovers > 0 ? value.hashCode() & 0xFFFF00 : 0), before);
    }

    private static CatalogTransition all(int publisher, Each each) {
        return catalog -> {
            Catalog next = catalog;
            for (int d : datasetsOf(publisher)) {
                next = each.of(DATASETS[d], d).apply(next);
            }
            return next;
        };
    }

    private interface Each {
        CatalogTransition of(String name, int dataset);
    }

    private static <T> List<T> append(List<T> list, T value) {
        List<T> copy = new ArrayList<>(list);
        copy.add(value);
        return List.copyOf(copy);
    }

    private void go(Model from, Model to, String step) {
        if (visited.putIfAbsent(to, new Cause(from, step)) == null) {
            queue.add(to);
        }
    }

    private static <T> List<T> replaced(List<T> list, int at, T value) {
        List<T> copy = new ArrayList<>(list);
        copy.set(at, value);
        return List.copyOf(copy);
    }
}
