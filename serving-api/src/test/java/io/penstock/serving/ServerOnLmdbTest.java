package io.penstock.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.penstock.serving.testing.StoredVersions;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.ServingServiceGrpc.ServingServiceBlockingStub;
import io.penstock.serving.view.DatasetView;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as it is run: a store on disk, its own threads, its own clocks. */
class ServerOnLmdbTest {
    private static final String ITEMS = "items.v1";
    private static final String PRICES = "prices.v1";
    private static final String SCORES = "risk/scores.v1";
    private static final int KEYS = 40;

    @TempDir
    Path directory;

    private Store publishing;
    private Store serving;
    private StoredVersions growth;
    private StoredVersions risk;
    private ServingServer server;
    private ManagedChannel channel;
    private ServingServiceBlockingStub stub;

    @BeforeEach
    void start() throws InterruptedException {
        String url = "lmdb:" + directory.resolve("store");
        publishing = Stores.open(url, true);
        serving = Stores.open(url, false);
        growth = StoredVersions.in(publishing, "growth");
        risk = StoredVersions.in(publishing, "risk", 2);
        growth.publishTogether(draft(ITEMS, 1), draft(PRICES, 1));
        risk.publish(draft("scores.v1", 1));
        server = ServingServer.start(
                TestServer.CONFIG.withHttp("none").with("warmup.duration", "2s").with("warmup.lookups", "200"),
                serving);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        stub = ServingServiceGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
        growth.close();
        risk.close();
        serving.close();
        publishing.close();
    }

    @Test
    void swapsAndRollsBackUnderLoadWithoutEverMixingVersions() throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread reader = new Thread(() -> {
                for (int n = 0; !over.get() && wrong.isEmpty(); n++) {
                    try {
                        read("k" + n % KEYS, wrong);
                        readTogether("k" + n % KEYS, wrong);
                        answers.incrementAndGet();
                    } catch (RuntimeException e) {
                        wrong.add(e.toString());
                    }
                }
            });
            reader.start();
            readers.add(reader);
        }
        try {
            for (int number = 2; number <= 12; number++) {
                int before = answers.get();
                Await.until("reads go on", () -> answers.get() > before + 5 || !wrong.isEmpty());
                growth.publishTogether(draft(ITEMS, number), draft(PRICES, number));
                awaitVersion(ITEMS, number);
                if (number % 4 == 0) {
                    growth.rollback(ITEMS);
                    awaitVersion(ITEMS, number - 1);
                    awaitVersion(PRICES, number - 1);
                }
            }
        } finally {
            over.set(true);
            for (Thread reader : readers) {
                reader.join(10_000);
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(server.view().dataset(ITEMS))
                .extracting(DatasetView::revision)
                .isEqualTo(15L);
    }

    /** A row is of the version its answer names. */
    private void read(String key, Queue<String> wrong) {
        GetResponse row =
                stub.get(GetRequest.newBuilder().setDataset(ITEMS).setKey(key).build());
        long version = row.getVersionInfo().getVersion();
        if (!row.getValue().equals(value(key, version))) {
            wrong.add(key + " of version " + version + ": " + row.getOutcome());
        }
    }

    /** Datasets committed together are read together. */
    private void readTogether(String key, Queue<String> wrong) {
        BatchGetResponse batch = stub.batchGet(BatchGetRequest.newBuilder()
                .addGroups(DatasetKeys.newBuilder().setDataset(ITEMS).addKeys(key))
                .addGroups(DatasetKeys.newBuilder().setDataset(PRICES).addKeys(key))
                .build());
        long items = batch.getGroups(0).getVersionInfo().getVersion();
        long prices = batch.getGroups(1).getVersionInfo().getVersion();
        if (items != prices
                || !batch.getGroups(0).getRows(0).getValue().equals(value(key, items))
                || !batch.getGroups(1).getRows(0).getValue().equals(value(key, items))) {
            wrong.add(key + " of versions " + items + " and " + prices);
        }
    }

    @Test
    void namespacesMoveByThemselvesAndLeaveNoPresenceBehind() {
        assertThat(Await.stage(publishing.presence("growth").list())).hasSize(1);
        assertThat(Await.stage(publishing.presence("risk").list())).hasSize(1);
        risk.publish(draft("scores.v1", 2));
        awaitVersion(SCORES, 2);
        assertThat(server.view().dataset(ITEMS)).extracting(DatasetView::number).isEqualTo(1L);
        GetResponse score =
                stub.get(GetRequest.newBuilder().setDataset(SCORES).setKey("k3").build());
        assertThat(score.getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(score.getValue()).isEqualTo(value("k3", 2));

        server.close();
        assertThat(Await.stage(publishing.presence("growth").list())).isEmpty();
        assertThat(Await.stage(publishing.presence("risk").list())).isEmpty();
    }

    private void awaitVersion(String dataset, long number) {
        Await.until("version " + number + " of " + dataset, () -> {
            DatasetView served = server.view().dataset(dataset);
            return served != null && served.number() == number;
        });
    }

    private static VersionDraft draft(String dataset, long number) {
        return VersionDraft.of(dataset).rows(KEYS, "version " + number);
    }

    private static ByteString value(String key, long version) {
        return ByteString.copyFrom(TestContracts.value(key, "version " + version));
    }
}
