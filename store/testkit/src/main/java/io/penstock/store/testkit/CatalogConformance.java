package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The one compare-and-set register of a namespace. */
interface CatalogConformance extends StoreUnderTest {
    @Test
    default void registerIsEmptyUntilSomebodyWrites() {
        CatalogRegister register = store().catalog(NAMESPACE);
        assertThat(Await.stage(register.read())).isEmpty();
        assertThat(Await.stage(register.readWriteId())).isEmpty();
        assertThat(Await.stage(register.compareAndSet(new WriteId(1, 2), value(new WriteId(3, 4), 10))))
                .isEqualTo(CasResult.CONFLICT);
        assertThat(Await.stage(register.read())).isEmpty();
    }

    @Test
    default void registerIsCreatedOnce() {
        CatalogRegister register = store().catalog(NAMESPACE);
        byte[] first = value(new WriteId(1, 1), 100);
        assertThat(Await.stage(register.compareAndSet(null, first))).isEqualTo(CasResult.APPLIED);
        assertThat(Await.stage(register.compareAndSet(null, value(new WriteId(2, 2), 100))))
                .isEqualTo(CasResult.CONFLICT);
        assertThat(read(register)).isEqualTo(first);
    }

    @Test
    default void registerMovesOnlyFromTheExpectedWriteId() {
        CatalogRegister register = store().catalog(NAMESPACE);
        WriteId one = new WriteId(-1, 1);
        WriteId two = new WriteId(-1, 2);
        Await.stage(register.compareAndSet(null, value(one, 100)));
        assertThat(Await.stage(register.compareAndSet(one, value(two, 10)))).isEqualTo(CasResult.APPLIED);
        assertThat(Await.stage(register.compareAndSet(one, value(new WriteId(0, 3), 10))))
                .isEqualTo(CasResult.CONFLICT);
        assertThat(read(register)).isEqualTo(value(two, 10));
        Await.until(
                "the write id follows",
                () -> Await.stage(register.readWriteId()).equals(Optional.of(two)));
    }

    @Test
    default void registerHoldsTheLargestCatalogBitExact() {
        CatalogRegister register = store().catalog(NAMESPACE);
        WriteId before = null;
        for (int bytes : new int[] {0, 1, 5_000, (512 << 10) - WriteId.BYTES, 3}) {
            WriteId fresh = new WriteId(bytes, 9);
            assertThat(Await.stage(register.compareAndSet(before, value(fresh, bytes))))
                    .isEqualTo(CasResult.APPLIED);
            assertThat(read(register)).isEqualTo(value(fresh, bytes));
            before = fresh;
        }
    }

    @Test
    default void namespacesHaveRegistersOfTheirOwn() {
        Await.stage(store().catalog("one").compareAndSet(null, value(new WriteId(1, 1), 10)));
        assertThat(Await.stage(store().catalog("two").read())).isEmpty();
        assertThat(Await.stage(store().catalog("on").read())).isEmpty();
        assertThat(Await.stage(store().catalog("two").compareAndSet(null, value(new WriteId(2, 2), 10))))
                .isEqualTo(CasResult.APPLIED);
        assertThat(read(store().catalog("one"))).isEqualTo(value(new WriteId(1, 1), 10));
    }

    @Test
    default void anotherHandleReadsWhatWasApplied() {
        try (Store other = open()) {
            WriteId before = null;
            for (int i = 1; i <= 20; i++) {
                CatalogRegister writer = (i % 2 == 0 ? store() : other).catalog(NAMESPACE);
                CatalogRegister reader = (i % 2 == 0 ? other : store()).catalog(NAMESPACE);
                WriteId fresh = new WriteId(0, i);
                assertThat(Await.stage(writer.compareAndSet(before, value(fresh, i))))
                        .isEqualTo(CasResult.APPLIED);
                assertThat(read(reader)).isEqualTo(value(fresh, i));
                before = fresh;
            }
        }
    }

    /**
     * Every value names its predecessor, so that the history can be checked by walking it: all that were applied, each
     * once, in one line.
     */
    @Test
    default void ofConcurrentWritersExactlyOneWinsEachRound() throws Exception {
        int threads = 8;
        int rounds = 25;
        Map<WriteId, WriteId> predecessors = new ConcurrentHashMap<>();
        WriteId root = new WriteId(-1, -1);
        Await.stage(store().catalog(NAMESPACE).compareAndSet(null, value(root, 0)));
        AtomicInteger[] winners = new AtomicInteger[rounds];
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Callable<Void>> contenders = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            winners[round] = new AtomicInteger();
        }
        try (Store other = open()) {
            for (int thread = 0; thread < threads; thread++) {
                int me = thread;
                CatalogRegister register = (thread % 2 == 0 ? store() : other).catalog(NAMESPACE);
                contenders.add(() -> {
                    for (int round = 0; round < rounds; round++) {
                        WriteId expected = WriteId.of(ByteBuffer.wrap(read(register)));
                        start.await(30, TimeUnit.SECONDS);
                        WriteId fresh = new WriteId(round, me);
                        CasResult result = Await.stage(register.compareAndSet(expected, value(fresh, round)));
                        if (result == CasResult.APPLIED) {
                            winners[round].incrementAndGet();
                            predecessors.put(fresh, expected);
                        }
                        start.await(30, TimeUnit.SECONDS);
                    }
                    return null;
                });
            }
            runAll(contenders);
        }
        assertThat(winners).extracting(AtomicInteger::get).containsOnly(1);
        WriteId at = WriteId.of(ByteBuffer.wrap(read(store().catalog(NAMESPACE))));
        int length = 0;
        while (!at.equals(root)) {
            at = predecessors.remove(at);
            assertThat(at)
                    .as("every value in the history was reported as applied")
                    .isNotNull();
            length++;
        }
        assertThat(length).isEqualTo(rounds);
        assertThat(predecessors).isEmpty();
    }

    /** Without rounds: whoever loses reads again, so that reads and writes interleave freely. */
    @Test
    default void everyIncrementOfARetryingWriterCountsOnce() throws Exception {
        int threads = 8;
        int increments = 15;
        CatalogRegister first = store().catalog(NAMESPACE);
        Await.stage(first.compareAndSet(null, counter(0, new Random(0))));
        List<Callable<Void>> workers = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            Random random = new Random(thread + 1);
            CatalogRegister register = store().catalog(NAMESPACE);
            workers.add(() -> {
                int seen = 0;
                for (int done = 0; done < increments; ) {
                    ByteBuffer value = ByteBuffer.wrap(read(register));
                    int count = value.getInt(WriteId.BYTES);
                    assertThat(count).as("a reader never goes back").isGreaterThanOrEqualTo(seen);
                    seen = count;
                    if (Await.stage(register.compareAndSet(WriteId.of(value), counter(count + 1, random)))
                            == CasResult.APPLIED) {
                        done++;
                    }
                }
                return null;
            });
        }
        runAll(workers);
        assertThat(ByteBuffer.wrap(read(first)).getInt(WriteId.BYTES)).isEqualTo(threads * increments);
    }

    @Test
    default void watchSeesOwnAndForeignMovesUntilItIsClosed() {
        AtomicInteger calls = new AtomicInteger();
        WriteId before = null;
        try (Store other = open()) {
            CatalogRegister.Watch watch = store().catalog(NAMESPACE).watch(calls::incrementAndGet);
            for (int i = 1; i <= 4; i++) {
                int seen = calls.get();
                WriteId fresh = new WriteId(5, i);
                CatalogRegister register = (i % 2 == 0 ? store() : other).catalog(NAMESPACE);
                Await.stage(register.compareAndSet(before, value(fresh, 10)));
                Await.until("the watch is called", () -> calls.get() > seen);
                before = fresh;
            }
            watch.close();
            watch.close();
        }
    }

    private static byte[] read(CatalogRegister register) {
        return Await.stage(register.read()).orElseThrow();
    }

    private static byte[] value(WriteId writeId, int bytes) {
        byte[] rest = new byte[bytes];
        new Random(writeId.hashCode()).nextBytes(rest);
        return ByteBuffer.allocate(WriteId.BYTES + bytes)
                .put(writeId.toBytes())
                .put(rest)
                .array();
    }

    private static byte[] counter(int count, Random random) {
        return ByteBuffer.allocate(WriteId.BYTES + Integer.BYTES)
                .put(WriteId.random(random).toBytes())
                .putInt(count)
                .array();
    }

    private static void runAll(List<Callable<Void>> tasks) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<@Nullable Void> task : executor.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                task.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
