package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionTest {
    private static final String CUSTOMERS = "customer-360.v1";
    private static final String ORDERS = "orders.v1";

    private final FakeServer server = new FakeServer();
    private final PenstockClient client =
            server.client().deadline(Duration.ofSeconds(20)).batchKeysMax(10).build();
    private final Session session = client.session();

    @BeforeEach
    void serve() {
        server.serve(CUSTOMERS, 3);
        server.serve(CUSTOMERS, 4);
        server.serve(ORDERS, 8);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void asksForAtLeastWhatItHasSeenOfTheSameDataset() {
        session.get(CUSTOMERS, "a");
        session.get(CUSTOMERS, "a");
        session.get(ORDERS, "a");
        assertThat(server.gets)
                .extracting(request -> request.getOptions().getMinRevision())
                .containsExactly(0L, 2L, 0L);
        assertThat(session.revisions()).containsExactlyInAnyOrderEntriesOf(Map.of(CUSTOMERS, 2L, ORDERS, 1L));
    }

    @Test
    void goesOnFromAnotherSessionWithoutTouchingIt() {
        session.get(CUSTOMERS, "a");
        Session next = session.session();
        next.get(CUSTOMERS, "a");
        next.get(ORDERS, "a");
        assertThat(server.gets.get(1).getOptions().getMinRevision()).isEqualTo(2);
        assertThat(session.revisions()).containsExactlyEntriesOf(Map.of(CUSTOMERS, 2L));
    }

    @Test
    void followsARollbackWhichIsOneRevisionMore() {
        session.get(CUSTOMERS, "a");
        server.serve(CUSTOMERS, 3);
        assertThat(session.get(CUSTOMERS, "a").version()).isEqualTo(3);
        assertThat(session.revisions()).containsEntry(CUSTOMERS, 3L);
    }

    @Test
    void doesNotTakeAnAnswerFromAServerThatIsBehind() {
        session.get(CUSTOMERS, "a");
        try (FakeServer behind = new FakeServer()) {
            behind.serve(CUSTOMERS, 3);
            Session elsewhere = behind.client().build().session(session.revisions());
            UnavailableException failure =
                    catchThrowableOfType(UnavailableException.class, () -> elsewhere.get(CUSTOMERS, "a"));
            assertThat(failure.reason()).isEqualTo(Reason.REASON_REVISION_NOT_REACHED);
            UnavailableException batch =
                    catchThrowableOfType(UnavailableException.class, () -> elsewhere.batchGet(CUSTOMERS, List.of("a")));
            assertThat(batch.reason()).isEqualTo(Reason.REASON_REVISION_NOT_REACHED);
        }
    }

    @Test
    void keepsWhatTheCallerWantsIfItIsMore() {
        server.serve(CUSTOMERS, 5);
        session.get(CUSTOMERS, "a", ReadOptions.none().withMinRevision(1));
        session.get(CUSTOMERS, "a", ReadOptions.none().withMinRevision(1));
        assertThat(server.gets)
                .extracting(request -> request.getOptions().getMinRevision())
                .containsExactly(1L, 3L);
    }

    @Test
    void readsAVersionAskedForHoweverOldItIs() {
        session.get(CUSTOMERS, "a");
        assertThat(session.get(CUSTOMERS, "a", ReadOptions.none().withVersion(3))
                        .version())
                .isEqualTo(3);
        assertThat(server.gets.get(1).getOptions().getMinRevision()).isZero();
        assertThat(session.revisions()).containsEntry(CUSTOMERS, 2L);
    }

    @Test
    void holdsForBatchesOverDatasetsToo() {
        session.get(CUSTOMERS, "a");
        Batch.Builder batch = Batch.builder();
        batch.add(DatasetBinding.bytes(CUSTOMERS), List.of("a"));
        batch.add(DatasetBinding.bytes(ORDERS), List.of("a"));
        Batch built = batch.build();
        session.batchGet(built);
        session.batchGetAsync(built).join();
        assertThat(server.batches.get(0).getGroups(0).getOptions().getMinRevision())
                .isEqualTo(2);
        assertThat(server.batches.get(0).getGroups(1).hasOptions()).isFalse();
        assertThat(server.batches.get(1).getGroups(1).getOptions().getMinRevision())
                .isEqualTo(1);
        session.getAsync(ORDERS, "a").join();
        assertThat(server.gets.get(1).getOptions().getMinRevision()).isEqualTo(1);
    }

    @Test
    void isSharedByItsViewsWithOtherDeadlines() {
        session.withDeadline(Duration.ofSeconds(9)).get(CUSTOMERS, "a");
        session.get(CUSTOMERS, "a");
        assertThat(server.gets.get(1).getOptions().getMinRevision()).isEqualTo(2);
    }

    @Test
    void neverGoesBackWhileThreadsShareIt() {
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            threads.add(CompletableFuture.runAsync(() -> {
                long last = 0;
                for (int i = 0; i < 200; i++) {
                    long revision = session.get(CUSTOMERS, "a").revision();
                    assertThat(revision).isGreaterThanOrEqualTo(last);
                    last = revision;
                }
            }));
        }
        LongStream.range(5, 50).forEach(version -> server.serve(CUSTOMERS, version));
        threads.forEach(CompletableFuture::join);
        long highest = server.gets.stream()
                .map(GetRequest::getOptions)
                .mapToLong(io.penstock.serving.v1.ReadOptions::getMinRevision)
                .max()
                .orElseThrow();
        assertThat(session.revisions().get(CUSTOMERS)).isGreaterThanOrEqualTo(highest);
    }
}
