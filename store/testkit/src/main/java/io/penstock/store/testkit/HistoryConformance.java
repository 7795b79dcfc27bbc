package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.Store;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import io.penstock.store.catalog.CatalogTransitions.Committing;
import io.penstock.store.catalog.WriteId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What several processes may rely on when they move one catalog, whatever replies are lost. */
interface HistoryConformance extends StoreUnderTest {
    @Test
    default void fourClientsSeeOneRegisterThatDoesOneThingAtATime() throws Exception {
        RegisterHistory history = new RegisterHistory();
        try (Store other = open()) {
            List<Callable<Void>> clients = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                Faults faults = new Faults(client);
                if (client > 1) {
                    faults.sometimes(Operation.CATALOG_CAS, 0.1, client == 2 ? Fault.REPLY_LOST : Fault.REQUEST_LOST);
                }
                FaultyStore store = FaultyStore.wrap(client % 2 == 0 ? store() : other, faults);
                CatalogRegister register = store.catalog(NAMESPACE);
                Random random = new Random(20261128 + client);
                clients.add(() -> {
                    for (int i = 0; i < 60; i++) {
                        act(register, random, history);
                    }
                    return null;
                });
            }
            runAll(clients);
        }
        assertThat(history.size()).isGreaterThanOrEqualTo(240);
        assertThat(history.contradiction()).isEmpty();
    }

    /** A read, and then mostly a move from what was read, sometimes one from nothing or from elsewhere. */
    private static void act(CatalogRegister register, Random random, RegisterHistory history) {
        long began = System.nanoTime();
        WriteId seen = Await.stage(register.read())
                .map(value -> WriteId.of(ByteBuffer.wrap(value)))
                .orElse(null);
        history.read(began, System.nanoTime(), seen);
        int choice = random.nextInt(10);
        if (choice < 3) {
            return;
        }
        WriteId expected = choice == 3 ? null : choice == 4 ? WriteId.random(random) : seen;
        WriteId fresh = WriteId.random(random);
        long asked = System.nanoTime();
        CasResult result = Await.stage(register.compareAndSet(expected, fresh.toBytes()));
        history.compareAndSet(asked, System.nanoTime(), expected, fresh, result);
    }

    @Test
    default void noMoveIsLostOrMadeTwiceWhenRepliesAreLost() throws Exception {
        int clients = 4;
        int moves = 15;
        new CatalogClient(store().catalog(NAMESPACE), NAMESPACE, new Random(0)).initialise();
        try (Store other = open()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                Faults faults = new Faults(client);
                faults.sometimes(Operation.CATALOG_CAS, 0.3, client % 2 == 0 ? Fault.REPLY_LOST : Fault.REQUEST_LOST);
                FaultyStore store = FaultyStore.wrap(client < clients / 2 ? store() : other, faults);
                Random random = new Random(20261128 + client);
                CatalogClient catalog = new CatalogClient(store.catalog(NAMESPACE), NAMESPACE, random);
                String prefix = "client-" + client + "-";
                tasks.add(() -> {
                    for (int i = 0; i < moves; i++) {
                        String name = prefix + i;
                        catalog.apply(random.nextLong() | 1, before -> withDataset(before, name));
                    }
                    return null;
                });
            }
            runAll(tasks);
        }
        List<String> names = new CatalogClient(store().catalog(NAMESPACE), NAMESPACE, new Random(1))
                .require().catalog().getDatasetsList().stream()
                        .map(DatasetEntry::getName)
                        .toList();
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, clients)
                        .boxed()
                        .flatMap(client -> IntStream.range(0, moves).mapToObj(i -> "client-" + client + "-" + i))
                        .toList());
    }

    private static Catalog withDataset(Catalog before, String name) {
        return before.toBuilder()
                .addDatasets(DatasetEntry.newBuilder().setName(name))
                .build();
    }

    /** Both begin at once, 200 times: one gets the slot and commits, the other is told who has it. */
    @Test
    default void ofTwoRacingPublishersOneCommitsEachVersion() throws Exception {
        int races = 200;
        new CatalogClient(store().catalog(NAMESPACE), NAMESPACE, new Random(0)).initialise();
        CyclicBarrier together = new CyclicBarrier(2);
        Set<Long> committed = new HashSet<>();
        int[] refused = {0};
        try (Store other = open()) {
            List<Callable<Void>> publishers = new ArrayList<>();
            for (int publisher = 0; publisher < 2; publisher++) {
                Random random = new Random(20261128 + publisher);
                CatalogClient catalog =
                        new CatalogClient((publisher == 0 ? store() : other).catalog(NAMESPACE), NAMESPACE, random);
                String owner = "publisher-" + publisher;
                publishers.add(() -> {
                    for (int race = 0; race < races; race++) {
                        together.await(60, TimeUnit.SECONDS);
                        long generation = random.nextLong() | 1;
                        boolean has = begin(catalog, owner, generation, random);
                        together.await(60, TimeUnit.SECONDS); // nobody commits before the other has been refused
                        if (has) {
                            commit(catalog, generation, random);
                        }
                        synchronized (committed) {
                            if (has) {
                                committed.add(generation);
                            } else {
                                refused[0]++;
                            }
                        }
                    }
                    return null;
                });
            }
            runAll(publishers);
        }
        DatasetEntry dataset = new CatalogClient(store().catalog(NAMESPACE), NAMESPACE, new Random(1))
                .require()
                .dataset(DATASET.name());
        assertThat(dataset).isNotNull();
        assertThat(dataset.getVersionsList()).hasSize(races);
        assertThat(dataset.getVersionsList())
                .extracting(VersionEntry::getGeneration)
                .hasSameElementsAs(committed);
        assertThat(dataset.getRevision()).isEqualTo(races);
        assertThat(refused[0]).isEqualTo(races);
    }

    private static boolean begin(CatalogClient catalog, String owner, long generation, Random random) {
        try {
            catalog.apply(
                    random.nextLong() | 1,
                    CatalogTransitions.begin(
                            List.of(new Beginning(DATASET.name(), generation)), owner, Set.of(), owner, Instant.EPOCH));
            return true;
        } catch (CatalogRefusedException e) {
            assertThat(e.reason()).isEqualTo(CatalogRefusedException.Reason.SLOT_BUSY);
            return false;
        }
    }

    private static void commit(CatalogClient catalog, long generation, Random random) throws CatalogRefusedException {
        long operation = random.nextLong() | 1;
        Catalog after = catalog.apply(
                operation,
                CatalogTransitions.commit(
                        List.of(new Committing(DATASET.name(), generation, null)), operation, Instant.EPOCH));
        DatasetEntry dataset = CatalogSnapshot.findDataset(after, DATASET.name());
        assertThat(dataset).isNotNull();
        assertThat(dataset.getCurrent()).isEqualTo(generation);
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<@Nullable Void> task : executor.invokeAll(tasks, 120, TimeUnit.SECONDS)) {
                task.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
