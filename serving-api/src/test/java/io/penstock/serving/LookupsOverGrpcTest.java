package io.penstock.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ReadOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookupsOverGrpcTest {
    private static final String ITEMS = TestServer.ITEMS;

    private TestServer server;

    @BeforeEach
    void start() throws InterruptedException {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void findsARowByShortAndByFullName() {
        GetResponse row = server.stub.get(get(ITEMS, "k7"));
        assertThat(row.getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(row.getValue().toByteArray()).isEqualTo(TestContracts.value("k7", "one"));
        assertThat(row.getVersionInfo().getVersion()).isEqualTo(1);
        assertThat(row.getVersionInfo().getRevision()).isEqualTo(1);
        assertThat(row.getGeneration()).isNotZero();
        assertThat(server.stub.get(get("growth/" + ITEMS, "k7"))).isEqualTo(row);
        assertThat(server.stub.get(get("risk/scores.v1", "k1")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void anAbsentKeyIsAnAnswer() {
        assertThat(server.stub.get(get(ITEMS, "nobody")).getOutcome()).isEqualTo(Outcome.OUTCOME_ABSENT);
    }

    @Test
    void sparesTheValueACallerHas() {
        long generation = server.stub.get(get(ITEMS, "k7")).getGeneration();
        GetResponse row = server.stub.get(get(ITEMS, "k7").toBuilder()
                .setOptions(ReadOptions.newBuilder().setIfGeneration(generation))
                .build());
        assertThat(row.getOutcome()).isEqualTo(Outcome.OUTCOME_UNCHANGED);
        assertThat(row.getValue().isEmpty()).isTrue();
    }

    @Test
    void answersABatchOverSeveralDatasetsInOrder() {
        BatchGetResponse batch = server.stub.batchGet(BatchGetRequest.newBuilder()
                .addGroups(DatasetKeys.newBuilder()
                        .setDataset(ITEMS)
                        .addKeys("k1")
                        .addKeys("nobody")
                        .addKeys("k1"))
                .addGroups(DatasetKeys.newBuilder().setDataset("risk/scores.v1").addKeys("k2"))
                .addGroups(DatasetKeys.newBuilder().setDataset("nothing.v1").addKeys("k2"))
                .build());
        assertThat(batch.getGroupsList()).hasSize(3);
        assertThat(batch.getGroups(0).getRowsList())
                .extracting(row -> row.getOutcome())
                .containsExactly(Outcome.OUTCOME_FOUND, Outcome.OUTCOME_ABSENT, Outcome.OUTCOME_FOUND);
        assertThat(batch.getGroups(1).getRows(0).getValue().toByteArray()).isEqualTo(TestContracts.value("k2", "one"));
        DatasetRows unknown = batch.getGroups(2);
        assertThat(unknown.getReason()).isEqualTo(Reason.REASON_UNKNOWN_DATASET);
        assertThat(unknown.getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
    }

    @Test
    void answersALargeBatch() {
        List<String> keys = IntStream.range(0, 1000).mapToObj(i -> "k" + i).toList();
        BatchGetResponse batch = server.stub.batchGet(BatchGetRequest.newBuilder()
                .addGroups(DatasetKeys.newBuilder().setDataset(ITEMS).addAllKeys(keys))
                .build());
        assertThat(batch.getGroups(0).getRowsList())
                .filteredOn(row -> row.getOutcome() == Outcome.OUTCOME_FOUND)
                .hasSize(50);
    }

    @Test
    void showsANewVersionAndARollback() {
        server.growth.publish(VersionDraft.of(ITEMS).rows(50, "two"));
        server.awaitVersion(ITEMS, 2);
        assertThat(server.stub.get(get(ITEMS, "k7")).getValue().toByteArray())
                .isEqualTo(TestContracts.value("k7", "two"));
        GetResponse old = server.stub.get(get(ITEMS, "k7").toBuilder()
                .setOptions(ReadOptions.newBuilder().setVersion(1))
                .build());
        assertThat(old.getValue().toByteArray()).isEqualTo(TestContracts.value("k7", "one"));
        server.growth.rollback(ITEMS);
        server.awaitVersion(ITEMS, 1);
        GetResponse back = server.stub.get(get(ITEMS, "k7"));
        assertThat(back.getValue().toByteArray()).isEqualTo(TestContracts.value("k7", "one"));
        assertThat(back.getVersionInfo().getRevision()).isEqualTo(3);
        refused(options(ReadOptions.newBuilder().setVersion(2)), Status.Code.NOT_FOUND, "VERSION_ROLLED_BACK");
    }

    @Test
    void refusesMalformedRequests() {
        refused(get(ITEMS, ""), Status.Code.INVALID_ARGUMENT, "EMPTY_KEY");
        StatusRuntimeException tooLong =
                refused(get(ITEMS, "k".repeat(1025)), Status.Code.INVALID_ARGUMENT, "KEY_TOO_LONG");
        assertThat(tooLong.getStatus().getDescription())
                .isEqualTo("the key is longer than 1024 bytes (limits.key_bytes)");
        assertThat(info(tooLong).getMetadataMap()).isEqualTo(Map.of("setting", "limits.key_bytes", "limit", "1024"));
        refused(get("", "k1"), Status.Code.INVALID_ARGUMENT, "INVALID_DATASET");
        refused(get("Items V1", "k1"), Status.Code.INVALID_ARGUMENT, "INVALID_DATASET");
        refused(options(ReadOptions.newBuilder().setVersion(-1)), Status.Code.INVALID_ARGUMENT, "MALFORMED_REQUEST");
        refused(options(ReadOptions.newBuilder().addFields(0)), Status.Code.INVALID_ARGUMENT, "INVALID_FIELD");
        StatusRuntimeException tooManyFields = refused(
                options(ReadOptions.newBuilder().addAllFields(Collections.nCopies(1001, 2))),
                Status.Code.INVALID_ARGUMENT,
                "TOO_MANY_FIELDS");
        assertThat(info(tooManyFields).getMetadataMap()).isEqualTo(Map.of("setting", "limits.fields", "limit", "1000"));
        List<String> keys = IntStream.range(0, 1001).mapToObj(i -> "k" + i).toList();
        refusedBatch(
                BatchGetRequest.newBuilder()
                        .addGroups(DatasetKeys.newBuilder().setDataset(ITEMS).addAllKeys(keys))
                        .build(),
                Status.Code.INVALID_ARGUMENT,
                "TOO_MANY_KEYS");
    }

    @Test
    void refusesARequestBeyondTheLimitByNameAndOneFarBeyondAtAll() {
        for (int bytes : List.of((256 << 10) + 1, 500_000, 1 << 20)) {
            ErrorInfo info = info(refusedBatch(batchOf(bytes), Status.Code.INVALID_ARGUMENT, "TOO_MANY_KEYS"));
            assertThat(info.getMetadataMap()).isEqualTo(Map.of("setting", "limits.request_bytes", "limit", "262144"));
        }
        List<String> far =
                IntStream.range(0, 2000).mapToObj(i -> "k".repeat(1000)).toList();
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.stub.batchGet(BatchGetRequest.newBuilder()
                        .addGroups(DatasetKeys.newBuilder().setDataset(ITEMS).addAllKeys(far))
                        .build()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(server.stub.get(get(ITEMS, "k1")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void refusesWhatIsNotThere() {
        StatusRuntimeException refused = refused(get("nothing.v1", "k1"), Status.Code.NOT_FOUND, "UNKNOWN_DATASET");
        assertThat(refused.getStatus().getDescription())
                .contains("ListDatasets")
                .doesNotContain("k1");
        refused(get("nowhere/items.v1", "k1"), Status.Code.NOT_FOUND, "UNKNOWN_DATASET");
        refused(options(ReadOptions.newBuilder().setVersion(99)), Status.Code.NOT_FOUND, "UNKNOWN_VERSION");
    }

    @Test
    void refusesAVersionBeyondRetention() {
        for (String text : List.of("two", "three", "four", "five")) {
            server.growth.publish(VersionDraft.of(ITEMS).rows(50, text));
        }
        server.awaitVersion(ITEMS, 5);
        server.growth.retire(ITEMS, 2);
        Await.until("the server sees that version 1 is retiring", () -> {
            try {
                server.stub.get(options(ReadOptions.newBuilder().setVersion(1)));
                return false;
            } catch (StatusRuntimeException e) {
                return "VERSION_RETIRED".equals(reason(e));
            }
        });
    }

    @Test
    void refusesWhatIsNotGoodEnough() {
        refused(
                options(ReadOptions.newBuilder().setMaxAge(Duration.newBuilder().setSeconds(1))),
                Status.Code.FAILED_PRECONDITION,
                "TOO_OLD");
        server.growth.publish(VersionDraft.of(ITEMS).rows(50, "two").expiresAt(Instant.parse("2020-01-01T00:00:00Z")));
        server.awaitVersion(ITEMS, 2);
        refused(get(ITEMS, "k1"), Status.Code.FAILED_PRECONDITION, "VERSION_EXPIRED");
    }

    @Test
    void refusesARevisionItHasNotReached() {
        refused(options(ReadOptions.newBuilder().setMinRevision(7)), Status.Code.UNAVAILABLE, "REVISION_NOT_REACHED");
    }

    @Test
    void saysThatABucketIsLostOrCorrupt() {
        long version = server.growth.entry(ITEMS).getCurrent();
        server.store.faults().lose(server.growth.addressOf(ITEMS, version, "k3"));
        StatusRuntimeException lost = refused(get(ITEMS, "k3"), Status.Code.DATA_LOSS, "BUCKET_LOST");
        assertThat(lost.getStatus().getDescription()).doesNotContain("k3");
        String other = anotherBucket(version, "k3");
        server.store.faults().corrupt(server.growth.addressOf(ITEMS, version, other));
        refused(get(ITEMS, other), Status.Code.DATA_LOSS, "BUCKET_CORRUPT");
    }

    private String anotherBucket(long version, String key) {
        return IntStream.range(0, 50)
                .mapToObj(i -> "k" + i)
                .filter(each -> server.growth.bucketOf(version, each) != server.growth.bucketOf(version, key))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void saysThatTheStoreIsUnreachableAndThatItIsOverloaded() {
        server.store.faults().always(Fault.UNREACHABLE, Operation.BLOB_READ);
        refused(get(ITEMS, "k4"), Status.Code.UNAVAILABLE, "STORE_UNREACHABLE");
        server.store.faults().stop();
        server.store.faults().always(Fault.OVERLOADED, Operation.BLOB_READ);
        refused(get(ITEMS, "k4"), Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED");
        server.store.faults().stop();
        assertThat(server.stub.get(get(ITEMS, "k4")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void endsACallAtItsDeadline() {
        server.store.faults().always(Fault.FROZEN, Operation.BLOB_READ);
        StatusRuntimeException late = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> server.stub.withDeadlineAfter(50, TimeUnit.MILLISECONDS).get(get(ITEMS, "k9")));
        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void cancelledCallsLeaveNothingBehind() {
        server.store.faults().always(Fault.FROZEN, Operation.BLOB_READ);
        var future = ServingServiceGrpc.newFutureStub(server.channel);
        for (int round = 0; round < 5; round++) {
            List<ListenableFuture<?>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                calls.add(future.get(get(ITEMS, "k" + i % 50)));
            }
            Await.until("calls wait", () -> server.lookupsInFlight() > 0);
            calls.forEach(call -> call.cancel(true));
            Await.until("none waits", () -> server.lookupsInFlight() == 0);
        }
        server.store.faults().stop();
        assertThat(server.stub.get(get(ITEMS, "k9")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
    }

    @Test
    void refusesBytesThatAreNoRequestAndMethodsThatAreNone() {
        byte[][] garbage = {
            {(byte) 0xff, (byte) 0xff, (byte) 0xff},
            {0x0a, 0x7f, 1},
            {0x0a, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}
        };
        for (byte[] bytes : garbage) {
            StatusRuntimeException refused = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> ClientCalls.blockingUnaryCall(server.channel, raw("Get"), CallOptions.DEFAULT, bytes));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(reason(refused)).isEqualTo("MALFORMED_REQUEST");
        }
        StatusRuntimeException notUtf8 = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(server.channel, raw("Get"), CallOptions.DEFAULT, keyNotUtf8()));
        assertThat(reason(notUtf8)).isEqualTo("KEY_NOT_UTF8");
        StatusRuntimeException unknown = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(server.channel, raw("Put"), CallOptions.DEFAULT, new byte[0]));
        assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    private static byte[] keyNotUtf8() {
        return UnknownFieldSet.newBuilder()
                .addField(
                        1,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(ITEMS))
                                .build())
                .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFrom(new byte[] {(byte) 0xc3, 0x28}))
                                .build())
                .build()
                .toByteArray();
    }

    private static MethodDescriptor<byte[], byte[]> raw(String method) {
        MethodDescriptor.Marshaller<byte[]> bytes = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return stream.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(ServingServiceGrpc.SERVICE_NAME + "/" + method)
                .build();
    }

    @Test
    void anUnknownDatasetIsNotSaidOfACatalogThatIsNotThere() throws InterruptedException {
        try (TestServer other = TestServer.start(config -> config.withNamespaces(List.of("growth", "empty")))) {
            StatusRuntimeException refused = catchThrowableOfType(
                    StatusRuntimeException.class, () -> other.stub.get(get("empty/items.v1", "k1")));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(reason(refused)).isEqualTo("NOT_INITIALISED");
        }
    }

    @Test
    void batchesSayTooThatTheCatalogIsUnconfirmed() throws InterruptedException {
        try (TestServer other = TestServer.start(config -> config.with("catalog.max_unconfirmed", "1s"))) {
            other.store.faults().always(Fault.UNREACHABLE, Operation.CATALOG_POLL, Operation.CATALOG_READ);
            BatchGetRequest batch = BatchGetRequest.newBuilder()
                    .addGroups(DatasetKeys.newBuilder().setDataset(ITEMS).addKeys("k1"))
                    .build();
            Await.until(
                    "batches are refused",
                    () -> other.stub.batchGet(batch).getGroups(0).getReason() == Reason.REASON_CATALOG_UNCONFIRMED);
            assertThat(other.stub.batchGet(batch).getGroups(0).getCode()).isEqualTo(Status.Code.UNAVAILABLE.value());
            other.store.faults().stop();
            Await.until(
                    "answered again",
                    () -> other.stub.batchGet(batch).getGroups(0).getRowsCount() == 1);
        }
    }

    @Test
    void stopsAnsweringWhenTheCatalogIsUnconfirmedForTooLong() throws InterruptedException {
        try (TestServer other = TestServer.start(config -> config.with("catalog.max_unconfirmed", "1s"))) {
            other.store.faults().always(Fault.UNREACHABLE, Operation.CATALOG_POLL, Operation.CATALOG_READ);
            Await.until("reads are refused", () -> {
                try {
                    other.stub.get(get(ITEMS, "k1"));
                    return false;
                } catch (StatusRuntimeException e) {
                    return "CATALOG_UNCONFIRMED".equals(reason(e));
                }
            });
            Await.until(
                    "not ready",
                    () -> Http.get(other.server.httpPort(), "/readyz").statusCode() == 503);
            other.store.faults().stop();
            Await.until(
                    "ready", () -> Http.get(other.server.httpPort(), "/readyz").statusCode() == 200);
        }
    }

    @Test
    void refusesAnAnswerThatWouldBeTooLarge() throws InterruptedException {
        try (TestServer other = TestServer.start(config -> config.with("limits.response_bytes", "64KiB"))) {
            other.growth.publish(
                    VersionDraft.of(ITEMS).row("big", "x".repeat(100_000)).row("small", "x"));
            other.awaitVersion(ITEMS, 2);
            StatusRuntimeException refused =
                    catchThrowableOfType(StatusRuntimeException.class, () -> other.stub.get(get(ITEMS, "big")));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(reason(refused)).isEqualTo("RESPONSE_TOO_LARGE");
            assertThat(refused.getStatus().getDescription()).contains("limits.response_bytes");
        }
    }

    /** A batch whose request is exactly so large. */
    private static BatchGetRequest batchOf(int bytes) {
        BatchGetRequest request = BatchGetRequest.newBuilder()
                .addGroups(DatasetKeys.newBuilder().setDataset(ITEMS).addKeys("k".repeat(bytes - 100)))
                .build();
        int missing = bytes - request.getSerializedSize();
        BatchGetRequest exact = BatchGetRequest.newBuilder()
                .addGroups(DatasetKeys.newBuilder().setDataset(ITEMS).addKeys("k".repeat(bytes - 100 + missing)))
                .build();
        assertThat(exact.getSerializedSize()).isEqualTo(bytes);
        return exact;
    }

    @Test
    void saysThatTheManifestOfAPinnedVersionIsLost() {
        long first = server.growth.entry(ITEMS).getCurrent();
        server.growth.publish(VersionDraft.of(ITEMS).rows(50, "two"));
        server.awaitVersion(ITEMS, 2);
        server.growth.publish(VersionDraft.of(ITEMS).rows(50, "three")); // the first is not the previous one any more
        server.awaitVersion(ITEMS, 3);
        BlobAddress manifest = BlobAddress.manifest(server.growth.id(ITEMS), first);
        server.store.faults().lose(manifest);
        GetRequest pinned = options(ReadOptions.newBuilder().setVersion(1));
        awaitReason(pinned, "BUCKET_LOST");
        assertThat(server.stub.get(get(ITEMS, "k1")).getVersionInfo().getVersion())
                .isEqualTo(3);
        server.store.faults().heal(manifest);
        Await.until("it is loaded after all", () -> {
            try {
                return server.stub.get(pinned).getVersionInfo().getVersion() == 1;
            } catch (StatusRuntimeException e) {
                return false;
            }
        });
    }

    private void awaitReason(GetRequest request, String reason) {
        Await.until(reason, () -> {
            try {
                server.stub.get(request);
                return false;
            } catch (StatusRuntimeException e) {
                return reason.equals(reason(e));
            }
        });
    }

    private static GetRequest get(String dataset, String key) {
        return GetRequest.newBuilder().setDataset(dataset).setKey(key).build();
    }

    private static GetRequest options(ReadOptions.Builder options) {
        return get(ITEMS, "k1").toBuilder().setOptions(options).build();
    }

    private StatusRuntimeException refused(GetRequest request, Status.Code code, String reason) {
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> server.stub.get(request));
        return requireRefused(refused, code, reason);
    }

    private StatusRuntimeException refusedBatch(BatchGetRequest request, Status.Code code, String reason) {
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> server.stub.batchGet(request));
        return requireRefused(refused, code, reason);
    }

    private static StatusRuntimeException requireRefused(
            StatusRuntimeException refused, Status.Code code, String reason) {
        assertThat(refused).as(reason).isNotNull();
        assertThat(refused.getStatus().getCode()).as(String.valueOf(refused)).isEqualTo(code);
        assertThat(reason(refused)).isEqualTo(reason);
        return refused;
    }

    private static String reason(StatusRuntimeException refused) {
        return info(refused).getReason();
    }

    private static ErrorInfo info(StatusRuntimeException refused) {
        com.google.rpc.Status status = StatusProto.fromThrowable(refused);
        if (status == null || status.getDetailsCount() == 0) {
            return ErrorInfo.getDefaultInstance();
        }
        Any detail = status.getDetails(0);
        try {
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            assertThat(info.getDomain()).isEqualTo("penstock");
            return info;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
