package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import io.grpc.Deadline;
import io.grpc.Status;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BatchGetTest {
    private static final String CUSTOMERS = "customer-360.v1";
    private static final String ORDERS = "orders.v1";

    private final FakeServer server = new FakeServer();
    private final PenstockClient client =
            server.client().deadline(Duration.ofSeconds(20)).batchKeysMax(10).build();

    @BeforeEach
    void serve() {
        server.serve(CUSTOMERS, 3);
        server.serve(ORDERS, 8);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void answersInTheOrderOfTheKeysAndAsOftenAsTheyAreAsked() {
        BatchRows<ByteString> rows = client.batchGet(CUSTOMERS, List.of("b", "absent", "a", "b", "expired"));
        assertThat(rows.lookups())
                .extracting(Lookup::outcome)
                .containsExactly(Outcome.FOUND, Outcome.ABSENT, Outcome.FOUND, Outcome.FOUND, Outcome.EXPIRED);
        assertThat(rows.lookups().get(2).value()).contains(ByteString.copyFromUtf8("v3:a"));
        assertThat(rows.lookups().get(3).value()).contains(ByteString.copyFromUtf8("v3:b"));
        assertThat(rows.version()).isEqualTo(3);
        assertThat(rows.revision()).isEqualTo(1);
        assertThat(rows.dataAsOf()).isEqualTo(Instant.ofEpochSecond(3_000, 7));
        assertThat(rows.failure()).isEmpty();
    }

    @Test
    void doesNotPassALostRowForAnAbsentOne() {
        BatchRows<ByteString> rows = client.batchGet(CUSTOMERS, List.of("a", "lost"));
        Lookup<ByteString> lost = rows.lookups().get(1);
        assertThat(lost.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(lost.failure()).get().isInstanceOf(DataLossException.class);
        assertThatThrownBy(lost::value)
                .isInstanceOf(DataLossException.class)
                .hasMessage("key 1 of BatchGet of customer-360.v1: DATA_LOSS (BUCKET_LOST): stored rows are lost or"
                        + " damaged; have the dataset verified, and published again with --rewrite")
                .extracting(failure -> ((PenstockException) failure).reason())
                .isEqualTo(Reason.REASON_BUCKET_LOST);
        assertThat(rows.lookups().get(0).value()).isPresent();
    }

    @Test
    void failsSingleKeysWhoseValuesAreNotWhatTheyAreReadAs() {
        StringValue ada = StringValue.of("Ada");
        server.batchGet = request -> {
            BatchGetResponse.Builder response = server.answer(request).toBuilder();
            response.getGroupsBuilder(0).getRowsBuilder(0).setValue(ada.toByteString());
            return response.build();
        };
        BatchRows<StringValue> rows = client.batchGet(CUSTOMERS, List.of("a", "b"), StringValue.parser());
        assertThat(rows.lookups().get(0).value()).contains(ada);
        assertThat(rows.lookups().get(1).failure())
                .get()
                .extracting(PenstockException::code)
                .isEqualTo(Status.Code.INTERNAL);
    }

    @Test
    void readsSeveralDatasetsInOneRequestAndFailsEachByItself() {
        Batch.Builder batch = Batch.builder();
        Batch.Part<ByteString> customers = batch.add(DatasetBinding.bytes(CUSTOMERS), List.of("a"));
        Batch.Part<ByteString> nothing = batch.add(DatasetBinding.bytes("nothing.v1"), List.of("a", "b"));
        Batch.Part<ByteString> orders = batch.add(
                DatasetBinding.bytes(ORDERS), List.of("b"), ReadOptions.none().withVersion(8));
        BatchResult result = client.batchGet(batch.build());
        assertThat(server.batches).hasSize(1);
        assertThat(server.batches.get(0).getGroups(2).getOptions().getVersion()).isEqualTo(8);
        assertThat(result.rows(customers).lookups().get(0).value()).contains(ByteString.copyFromUtf8("v3:a"));
        assertThat(result.rows(orders).lookups().get(0).value()).contains(ByteString.copyFromUtf8("v8:b"));
        assertThat(result.rows(nothing).failure()).get().isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> result.rows(nothing).lookups())
                .hasMessage("BatchGet of nothing.v1: NOT_FOUND (UNKNOWN_DATASET): the server has no such dataset");
        assertThatThrownBy(() -> result.rows(nothing).version()).isInstanceOf(NotFoundException.class);
    }

    @Test
    void throwsWhatFailsTheOnlyDataset() {
        assertThatThrownBy(() -> client.batchGet("nothing.v1", List.of("a"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(
                        () -> client.batchGetAsync("nothing.v1", List.of("a")).get())
                .hasCauseInstanceOf(NotFoundException.class);
    }

    @Test
    void asksForTheVersionEvenOfNoKeys() {
        BatchRows<ByteString> rows = client.batchGet(CUSTOMERS, List.of());
        assertThat(rows.lookups()).isEmpty();
        assertThat(rows.version()).isEqualTo(3);
    }

    @Test
    void failsWhatCannotBeAKeyInItsPlaceAndAnswersTheOthers() {
        server.batchGet = request -> {
            BatchGetResponse.Builder response = server.answer(request).toBuilder();
            response.getGroupsBuilder(0)
                    .getRowsBuilder(1)
                    .setOutcome(io.penstock.serving.v1.Outcome.OUTCOME_FAILED)
                    .setCode(Status.Code.DATA_LOSS.value())
                    .setReason(Reason.REASON_BUCKET_LOST);
            return response.build();
        };
        List<Lookup<ByteString>> lookups = client.batchGet(CUSTOMERS, List.of("", "a", "x".repeat(5_000), "lost", ""))
                .lookups();
        assertThat(server.batches.get(0).getGroups(0).getKeysList()).containsExactly("a", "lost");
        assertThat(lookups)
                .extracting(Lookup::outcome)
                .containsExactly(Outcome.FAILED, Outcome.FOUND, Outcome.FAILED, Outcome.FAILED, Outcome.FAILED);
        assertThat(lookups).extracting(Lookup::version).containsOnly(3L);
        assertThatThrownBy(() -> lookups.get(0).value())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("EMPTY_KEY");
        assertThatThrownBy(() -> lookups.get(2).value()).hasMessageContaining("KEY_TOO_LONG");
        assertThatThrownBy(() -> lookups.get(3).value())
                .isInstanceOf(DataLossException.class)
                .hasMessage("key 3 of BatchGet of customer-360.v1: DATA_LOSS (BUCKET_LOST): stored rows are lost or"
                        + " damaged; have the dataset verified, and published again with --rewrite");
    }

    @Test
    void failsEveryKeyOfABatchOfNothingElse() {
        List<Lookup<ByteString>> lookups =
                client.batchGet(CUSTOMERS, List.of("", "")).lookups();
        assertThat(lookups).extracting(Lookup::outcome).containsExactly(Outcome.FAILED, Outcome.FAILED);
    }

    @Test
    void cutsLargeBatchesAndAsksForTheVersionOfTheFirstRequest() {
        List<String> keys = keys(95);
        assertRowsOf(client.batchGet(CUSTOMERS, keys), 3, keys);
        assertThat(server.batches).hasSize(10);
        assertThat(server.batches.get(0).getGroups(0).hasOptions()).isFalse();
        assertThat(server.batches.subList(1, 10)).allSatisfy(request -> {
            assertThat(request.getGroups(0).getOptions().getVersion()).isEqualTo(3);
            assertThat(request.getGroups(0).getOptions().getMinRevision()).isEqualTo(1);
        });
    }

    @Test
    void neverMixesVersionsWhileTheyMove() {
        AtomicInteger requests = new AtomicInteger();
        server.batchGet = request -> {
            BatchGetResponse response = server.answer(request);
            server.serve(CUSTOMERS, 3 + requests.incrementAndGet());
            return response;
        };
        List<String> keys = keys(95);
        assertRowsOf(client.batchGet(CUSTOMERS, keys), 3, keys);
    }

    @Test
    void learnsAllVersionsFromOneRequest() {
        Batch.Builder batch = Batch.builder();
        Batch.Part<ByteString> customers = batch.add(DatasetBinding.bytes(CUSTOMERS), keys(25));
        Batch.Part<ByteString> orders = batch.add(DatasetBinding.bytes(ORDERS), keys(5));
        AtomicInteger requests = new AtomicInteger();
        server.batchGet = request -> {
            BatchGetResponse response = server.answer(request);
            if (requests.incrementAndGet() == 1) {
                server.serve(CUSTOMERS, 4);
                server.serve(ORDERS, 9);
            }
            return response;
        };
        BatchResult result = client.batchGet(batch.build());
        assertRowsOf(result.rows(customers), 3, keys(25));
        assertRowsOf(result.rows(orders), 8, keys(5));
        assertThat(server.batches.get(0).getGroupsList())
                .extracting(DatasetKeys::getDataset)
                .containsExactly(CUSTOMERS, ORDERS);
    }

    @ParameterizedTest
    @EnumSource(names = {"REASON_VERSION_ROLLED_BACK", "REASON_VERSION_RETIRED", "REASON_UNKNOWN_VERSION"})
    void readsAllOfItOnceMoreWhenTheVersionIsGone(Reason reason) {
        AtomicInteger requests = new AtomicInteger();
        server.batchGet = request -> {
            BatchGetResponse response = server.answer(request);
            if (requests.incrementAndGet() == 1) {
                server.forget(CUSTOMERS, 3, reason);
                server.serve(CUSTOMERS, 2);
            }
            return response;
        };
        List<String> keys = keys(45);
        assertRowsOf(client.batchGet(CUSTOMERS, keys), 2, keys);
    }

    @Test
    void givesUpWhenTheVersionIsGoneAgain() {
        AtomicInteger version = new AtomicInteger(3);
        server.batchGet = request -> {
            BatchGetResponse response = server.answer(request);
            if (request.getGroups(0).getOptions().getVersion() == 0) {
                server.forget(CUSTOMERS, version.get(), Reason.REASON_VERSION_ROLLED_BACK);
                server.serve(CUSTOMERS, version.incrementAndGet());
            }
            return response;
        };
        NotFoundException failure =
                catchThrowableOfType(NotFoundException.class, () -> client.batchGet(CUSTOMERS, keys(45)));
        assertThat(failure.reason()).isEqualTo(Reason.REASON_VERSION_ROLLED_BACK);
    }

    @Test
    void doesNotReplaceAVersionTheCallerAskedFor() {
        server.batchGet = request -> {
            BatchGetResponse response = server.answer(request);
            server.forget(CUSTOMERS, 3, Reason.REASON_VERSION_RETIRED);
            return response;
        };
        assertThatThrownBy(() ->
                        client.batchGet(CUSTOMERS, keys(15), ReadOptions.none().withVersion(3)))
                .isInstanceOf(NotFoundException.class);
        assertThat(server.batches).hasSize(2);
    }

    @Test
    void doesNotAskAgainForADatasetThatFailed() {
        Batch.Builder batch = Batch.builder();
        Batch.Part<ByteString> nothing = batch.add(DatasetBinding.bytes("nothing.v1"), keys(30));
        Batch.Part<ByteString> orders = batch.add(DatasetBinding.bytes(ORDERS), keys(30));
        BatchResult result = client.batchGet(batch.build());
        assertRowsOf(result.rows(orders), 8, keys(30));
        assertThat(result.rows(nothing).failure()).isPresent();
        assertThat(server.batches.stream()
                        .flatMap(request -> request.getGroupsList().stream())
                        .filter(group -> group.getDataset().equals("nothing.v1")))
                .hasSize(1);
    }

    @Test
    void failsAltogetherWhenOneRequestDoes() {
        server.batchGet = request -> {
            if (request.getGroups(0).getOptions().getVersion() != 0) {
                throw FakeServer.failure(Status.RESOURCE_EXHAUSTED, Reason.REASON_OVERLOADED);
            }
            return server.answer(request);
        };
        assertThatThrownBy(() -> client.batchGet(CUSTOMERS, keys(45)))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "BatchGet of customer-360.v1: RESOURCE_EXHAUSTED (OVERLOADED): the server has more to do than it"
                                + " can; ask for less, and later");
    }

    @Test
    void refusesAnswersThatDoNotFitTheRequest() {
        assertNotUnderstood(
                response -> response.clearGroups(), "BatchGet: INTERNAL: 0 groups in the answer (expected: 1)");
        assertNotUnderstood(
                response -> response.getGroupsBuilder(0).removeRows(0),
                "BatchGet of customer-360.v1: INTERNAL: 9 rows in the answer (expected: 10 of a version)");
        assertNotUnderstood(
                response -> response.getGroupsBuilder(0).clearVersionInfo(),
                "BatchGet of customer-360.v1: INTERNAL: 10 rows of no version in the answer (expected: 10 of a"
                        + " version)");
        assertNotUnderstood(
                response -> response.getGroupsBuilder(0).getRowsBuilder(0).setOutcomeValue(0),
                "key 0 of BatchGet of customer-360.v1: INTERNAL: the answer has no outcome this client knows");
    }

    @Test
    void refusesAnotherVersionThanItAskedFor() {
        server.batchGet = request -> {
            BatchGetResponse.Builder response = server.answer(request).toBuilder();
            if (request.getGroups(0).getOptions().getVersion() != 0) {
                response.getGroupsBuilder(0).getVersionInfoBuilder().setVersion(4);
            }
            return response.build();
        };
        assertThatThrownBy(() -> client.batchGet(CUSTOMERS, keys(15)))
                .hasMessage("BatchGet of customer-360.v1: INTERNAL: version 4 in the answer (expected: 3)");
    }

    @Test
    void takesAFailureThatSaysOkForAFailure() {
        server.batchGet = request -> BatchGetResponse.newBuilder()
                .addGroups(DatasetRows.newBuilder().setCode(99).setReason(Reason.REASON_UNSPECIFIED))
                .build();
        PenstockException failure =
                catchThrowableOfType(PenstockException.class, () -> client.batchGet(CUSTOMERS, List.of("a")));
        assertThat(failure.code()).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void givesAllRequestsOneDeadline() throws Exception {
        client.batchGet(CUSTOMERS, keys(45));
        List<Deadline> deadlines = new ArrayList<>();
        server.deadlines.drainTo(deadlines);
        assertThat(deadlines)
                .hasSize(5)
                .allSatisfy(deadline ->
                        assertThat(deadline.timeRemaining(TimeUnit.SECONDS)).isLessThanOrEqualTo(20));
    }

    @Test
    void endsALargeBatchAtItsDeadline() {
        server.batchGet =
                request -> request.getGroups(0).getOptions().getVersion() == 0 ? server.answer(request) : null;
        PenstockException failure = catchThrowableOfType(
                UnavailableException.class,
                () -> client.withDeadline(Duration.ofMillis(200)).batchGet(CUSTOMERS, keys(45)));
        assertThat(failure.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void cancelsTheRequestsOfACancelledFuture() throws Exception {
        server.batchGet = request -> null;
        CompletableFuture<BatchRows<ByteString>> future = client.batchGetAsync(CUSTOMERS, keys(45));
        assertThat(server.deadlines.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(future.cancel(false)).isTrue();
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsALargeBatchWhenItsThreadIsInterrupted() throws Exception {
        server.batchGet = request -> null;
        BlockingQueue<PenstockException> failures = new ArrayBlockingQueue<>(1);
        Thread reader = new Thread(() -> {
            PenstockException failure =
                    catchThrowableOfType(PenstockException.class, () -> client.batchGet(CUSTOMERS, keys(45)));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            failures.add(failure);
        });
        reader.start();
        assertThat(server.deadlines.poll(10, TimeUnit.SECONDS)).isNotNull();
        reader.interrupt();
        assertThat(failures.poll(10, TimeUnit.SECONDS))
                .extracting(PenstockException::code)
                .isEqualTo(Status.Code.CANCELLED);
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        reader.join();
    }

    @Test
    void answersAsyncWhatItAnswersBlocking() {
        List<String> keys = keys(45);
        assertRowsOf(client.batchGetAsync(CUSTOMERS, keys).join(), 3, keys);
        Batch.Builder batch = Batch.builder();
        Batch.Part<ByteString> part = batch.add(DatasetBinding.bytes(CUSTOMERS), keys);
        Batch built = batch.build();
        assertRowsOf(client.batchGetAsync(built).join().rows(part), 3, keys);
        assertRowsOf(client.batchGet(built).rows(part), 3, keys);
    }

    @Test
    void refusesWhatIsNoBatch() {
        assertThatThrownBy(() -> Batch.builder().build()).hasMessage("batch: no part (expected: at least one)");
        assertThatThrownBy(() -> client.batchGet(
                        CUSTOMERS, List.of("a"), ReadOptions.none().withIfGeneration(10)))
                .hasMessage("ifGeneration: a (expected: 0 in a batch)");
        assertThat(server.batches).isEmpty();
    }

    @Test
    void refusesMoreDatasetsThanOneRequestHasRoomFor() {
        Batch.Builder batch = Batch.builder();
        IntStream.range(0, 11).forEach(i -> batch.add(DatasetBinding.bytes(CUSTOMERS), List.of("a")));
        assertThatThrownBy(() -> client.batchGet(batch.build()))
                .hasMessage("batch: 11 parts (expected: as many as fit into one request of 10 keys and 262144 bytes)");
    }

    @Test
    void knowsWhichPartsAreItsOwn() {
        Batch.Builder batch = Batch.builder();
        batch.add(DatasetBinding.bytes(CUSTOMERS), List.of("a"));
        BatchResult result = client.batchGet(batch.build());
        Batch.Part<ByteString> foreign = Batch.builder().add(DatasetBinding.bytes(CUSTOMERS), List.of("a"));
        assertThatThrownBy(() -> result.rows(foreign)).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertNotUnderstood(Consumer<BatchGetResponse.Builder> change, String message) {
        server.batchGet = (BatchGetRequest request) -> {
            BatchGetResponse.Builder response = server.answer(request).toBuilder();
            change.accept(response);
            return response.build();
        };
        assertThatThrownBy(() -> client.batchGet(CUSTOMERS, keys(10)))
                .isInstanceOf(PenstockException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> client.batchGetAsync(CUSTOMERS, keys(10)).get())
                .cause()
                .hasMessage(message);
    }

    private static void assertRowsOf(BatchRows<ByteString> rows, long version, List<String> keys) {
        assertThat(rows.version()).isEqualTo(version);
        assertThat(rows.lookups())
                .extracting(lookup -> lookup.value().orElseThrow().toStringUtf8())
                .containsExactlyElementsOf(
                        keys.stream().map(key -> "v" + version + ":" + key).toList());
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i).toList();
    }
}
