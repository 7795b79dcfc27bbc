package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.penstock.client.Batch;
import io.penstock.client.BatchResult;
import io.penstock.client.BatchRows;
import io.penstock.client.DatasetBinding;
import io.penstock.client.Lookup;
import io.penstock.client.Outcome;
import io.penstock.client.PenstockClient;
import io.penstock.client.ReadOptions;
import io.penstock.client.Session;
import io.penstock.it.StoreKind.RunningStore;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.Step;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransitions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two datasets are published together again and again, and rolled back now and then, while readers ask for both in one
 * batch: no batch is ever mixed, fails, or (in a session) goes back.
 */
@ParameterizedClass
@MethodSource("io.penstock.it.StoreKind#killable")
class AtomicPairsIT {
    private static final String NAMESPACE = "pairs";
    private static final TestData LEFT = new TestData("left", 2_000, 50, 40);
    private static final TestData RIGHT = new TestData("right", 1_000, 100, 40);
    private static final int PUBLICATIONS = 50;

    @Parameter
    @SuppressWarnings("NullAway.Init") // set before every test
    private StoreKind kind;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before every test
    private RunningStore running;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private ServingServer server;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PenstockClient client;

    private long states;

    @BeforeEach
    void serveTheFirstPair() throws Exception {
        running = kind.start(directory);
        store = Stores.open(running.url(), true);
        publish(publisher(PublicationObserver.NONE));
        ServingConfig config = ServingConfig.defaults()
                .withStore(running.url())
                .withNamespaces(List.of(NAMESPACE))
                .withListen("127.0.0.1:0")
                .withHttp("127.0.0.1:0");
        server = ServingServer.start(config, store);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        client = PenstockClient.builder("127.0.0.1:" + server.port())
                .deadline(Duration.ofSeconds(10))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        store.close();
        running.close();
    }

    @Test
    void noBatchIsEverMixedAndNoSessionGoesBack() throws Exception {
        ExecutorService readers = Executors.newFixedThreadPool(4);
        CountDownLatch over = new CountDownLatch(1);
        try {
            List<Future<Integer>> reading = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int seed = i;
                reading.add(readers.submit(() -> readUntil(over, seed)));
            }
            try (Publisher publisher = publisher(PublicationObserver.NONE)) {
                for (int i = 0; i < PUBLICATIONS; i++) {
                    publish(publisher);
                    if (i % 10 == 9) {
                        rollBack(i % 20 == 9 ? LEFT : RIGHT);
                    }
                }
            }
            over.countDown();
            for (Future<Integer> reader : reading) {
                assertThat(reader.get(30, TimeUnit.SECONDS)).isGreaterThan(PUBLICATIONS);
            }
        } finally {
            over.countDown();
            readers.shutdownNow();
        }
    }

    @Test
    void aRollbackFencesThePublicationThatIsRunning() throws Exception {
        publish(publisher(PublicationObserver.NONE));
        long served = states;
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        PublicationObserver stopBeforeCommit = (step, detail) -> {
            if (step == Step.COMMITTING) {
                reached.countDown();
                awaitUninterruptibly(goOn);
            }
        };
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Publisher publisher = publisher(stopBeforeCommit)) {
            Future<?> publishing = other.submit(() -> publish(publisher));
            assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
            rollBack(LEFT);
            goOn.countDown();
            assertThatThrownBy(() -> publishing.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            PublisherException.class,
                            refused -> assertThat(refused.category()).isEqualTo(PublisherException.Category.FENCED));
        } finally {
            goOn.countDown();
            other.shutdownNow();
        }
        awaitState(served - 1);
        StoreAudit audit = new StoreAudit(store, NAMESPACE);
        audit.assertCurrentIs(LEFT, served - 1);
        audit.assertCurrentIs(RIGHT, served - 1);
    }

    private int readUntil(CountDownLatch over, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Session session = client.session();
        int batches = 0;
        long[] revisions = new long[2];
        while (over.getCount() > 0) {
            int first = random.nextInt(LEFT.rows() - 20);
            int second = random.nextInt(RIGHT.rows() - 20);
            Batch.Builder batch = Batch.builder();
            Batch.Part<ByteString> left =
                    batch.add(DatasetBinding.bytes(LEFT.dataset()), keys(LEFT, first), ReadOptions.none());
            Batch.Part<ByteString> right =
                    batch.add(DatasetBinding.bytes(RIGHT.dataset()), keys(RIGHT, second), ReadOptions.none());
            BatchResult result = session.batchGet(batch.build());
            BatchRows<ByteString> rights = result.rows(right);
            assertThat(rights.failure()).isEmpty();
            assertThat(result.rows(left).failure()).isEmpty();
            long state =
                    RIGHT.stateIn(rights.lookups().get(0).value().orElseThrow().toByteArray());
            check(RIGHT, second, state, rights);
            check(LEFT, first, state, result.rows(left));
            assertThat(result.rows(left).revision()).isGreaterThanOrEqualTo(revisions[0]);
            assertThat(rights.revision()).isGreaterThanOrEqualTo(revisions[1]);
            revisions[0] = result.rows(left).revision();
            revisions[1] = rights.revision();
            batches++;
        }
        return batches;
    }

    private static void check(TestData data, int first, long state, BatchRows<ByteString> rows) {
        for (int i = 0; i < rows.lookups().size(); i++) {
            Lookup<ByteString> lookup = rows.lookups().get(i);
            assertThat(lookup.outcome()).isEqualTo(Outcome.FOUND);
            assertThat(lookup.value().orElseThrow().toByteArray()).isEqualTo(data.value(first + i, state));
        }
    }

    private static List<String> keys(TestData data, int first) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            keys.add(data.key(first + i));
        }
        return keys;
    }

    /** Publishes the next state of both datasets in one commit. */
    private void publish(Publisher publisher) {
        long state = ++states;
        publisher.publishAtomically(List.of(publication(LEFT, state), publication(RIGHT, state)));
    }

    private static Publication publication(TestData data, long state) {
        return Publication.builder(NAMESPACE, data.contract(), data.source(state))
                .build();
    }

    private void rollBack(TestData data) throws Exception {
        CatalogClient catalog = new CatalogClient(store.catalog(NAMESPACE), NAMESPACE, new java.util.Random());
        long target = CatalogSnapshot.defaultRollbackTarget(catalog.require().catalog(), data.dataset());
        long operation = new java.util.Random().nextLong() | 1;
        catalog.apply(
                operation,
                CatalogTransitions.rollback(data.dataset(), target, false, operation, "test", Instant.now()));
    }

    private void awaitState(long state) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            byte[] value = client.get(RIGHT.dataset(), RIGHT.key(0))
                    .value()
                    .orElseThrow()
                    .toByteArray();
            if (RIGHT.stateIn(value) == state) {
                return;
            }
            assertThat(System.nanoTime()).as("waiting for state " + state).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Publisher publisher(PublicationObserver observer) {
        PublisherOptions options = PublisherOptions.DEFAULTS.withGrace(Duration.ZERO);
        return Publisher.builder(store).options(options).observer(observer).build();
    }
}
