package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.ServingView;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Move;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commits, joint commits, rollbacks, collections and faults, on a random clock. After every change of the view:
 * revisions only grow, each (revision, generation) is one the catalog really had, and no operation is half there.
 */
class AdoptionModelTest {
    private static final List<String> DATASETS = List.of("a.v1", "b.v1", "c.v1", "d.v1");
    private static final int STEPS = 80;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyViewIsACutThatKeepsOperationsWhole(long seed) {
        Random random = new Random(seed);
        try (ViewFixture server = new ViewFixture()) {
            Map<String, Map<Long, Move>> moves = new HashMap<>();
            for (String dataset : DATASETS) {
                server.publisher().publish(draft(dataset, random));
            }
            record(server, moves);
            server.start();
            for (int step = 0; step < STEPS; step++) {
                act(server, random);
                record(server, moves);
                server.time.advance(Duration.ofMillis(random.nextInt(1_500)));
            }
            server.faults.stop();
            server.time.advance(Duration.ofMinutes(3));

            checkAll(server.seen, moves);
            for (String dataset : DATASETS) {
                DatasetEntry entry = server.publisher().entry(dataset);
                assertThat(server.served(dataset).generation()).isEqualTo(entry.getCurrent());
                assertThat(server.served(dataset).revision()).isEqualTo(entry.getRevision());
                assertThat(server.status(dataset).problem()).isEmpty();
                assertThat(server.held(dataset).getHeldList()).contains(entry.getCurrent());
            }
        }
    }

    private static void act(ViewFixture server, Random random) {
        String dataset = DATASETS.get(random.nextInt(DATASETS.size()));
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> server.publisher().publish(draft(dataset, random));
            case 3, 4, 5 -> {
                List<String> group = new ArrayList<>(DATASETS);
                Collections.shuffle(group, random);
                server.publisher()
                        .publishTogether(group.subList(0, 2 + random.nextInt(2)).stream()
                                .map(each -> draft(each, random))
                                .toArray(VersionDraft[]::new));
            }
            case 6 -> rollback(server, dataset);
            case 7 -> {
                server.publisher().retire(dataset, 3);
                server.publisher().collect(dataset);
            }
            case 8 -> {
                server.faults.sometimes(Operation.BLOB_READ, 0.3, Fault.UNREACHABLE);
                server.faults.sometimes(Operation.CATALOG_READ, 0.2, Fault.UNREACHABLE);
                server.faults.sometimes(Operation.PRESENCE_PUT, 0.2, Fault.UNREACHABLE);
            }
            default -> server.faults.stop();
        }
    }

    /** Rolls back where the catalog allows it. */
    private static void rollback(ViewFixture server, String dataset) {
        DatasetEntry entry = server.publisher().entry(dataset);
        long parent = 0;
        for (VersionEntry version : entry.getVersionsList()) {
            if (version.getGeneration() == entry.getCurrent()) {
                parent = version.getParent();
            }
        }
        for (VersionEntry version : entry.getVersionsList()) {
            if (version.getGeneration() == parent && version.getState() == VersionEntry.State.STATE_KEPT) {
                server.publisher().rollbackIfAllowed(dataset, parent);
                return;
            }
        }
    }

    private static void record(ViewFixture server, Map<String, Map<Long, Move>> moves) {
        for (DatasetEntry entry : server.publisher().read().getDatasetsList()) {
            for (Move move : entry.getMovesList()) {
                moves.computeIfAbsent(entry.getName(), unused -> new HashMap<>())
                        .put(move.getRevision(), move);
            }
        }
    }

    private static void checkAll(List<ServingView> seen, Map<String, Map<Long, Move>> moves) {
        Map<String, Long> revisions = new HashMap<>();
        for (ServingView view : seen) {
            Map<String, Long> now = new HashMap<>();
            for (DatasetStatus status : view.datasets()) {
                DatasetView served = status.served();
                if (served != null) {
                    String name = status.id().name();
                    Move move = moves.getOrDefault(name, Map.of()).get(served.revision());
                    assertThat(move)
                            .as("%s revision %s", name, served.revision())
                            .isNotNull();
                    assertThat(move.getGeneration()).isEqualTo(served.generation());
                    assertThat(served.revision()).isGreaterThanOrEqualTo(revisions.getOrDefault(name, 0L));
                    now.put(name, served.revision());
                }
            }
            revisions.putAll(now);
            checkWhole(now, moves);
        }
    }

    /** For each operation: all of its datasets are before it, or none. */
    private static void checkWhole(Map<String, Long> view, Map<String, Map<Long, Move>> moves) {
        Map<Long, Boolean> happened = new HashMap<>();
        moves.forEach((dataset, byRevision) -> {
            if (view.containsKey(dataset)) {
                byRevision.forEach((revision, move) -> {
                    boolean here = view.get(dataset) >= revision;
                    Boolean elsewhere = happened.putIfAbsent(move.getOperationId(), here);
                    if (elsewhere != null && elsewhere != here) {
                        throw new AssertionError("an operation is half in " + view);
                    }
                });
            }
        });
    }

    private static VersionDraft draft(String dataset, Random random) {
        return VersionDraft.of(dataset).rows(10, "" + random.nextInt(5));
    }
}
