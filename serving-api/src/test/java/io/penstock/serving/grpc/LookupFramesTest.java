package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.penstock.serving.Http;
import io.penstock.serving.TestServer;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups as a caller's frames show them. */
class LookupFramesTest {
    private static final String GET = ServingServiceGrpc.getGetMethod().getFullMethodName();
    private static final String BATCH_GET =
            ServingServiceGrpc.getBatchGetMethod().getFullMethodName();
    private static final String LIST_DATASETS =
            ServingServiceGrpc.getListDatasetsMethod().getFullMethodName();
    private static final byte[] NOTHING = {};
    /** What a request may have, with its gRPC frame's head, under {@link #SMALL_REQUESTS}. */
    private static final int FRAMED_BYTES_MAX = 5 + Lookups.REQUEST_READ_FACTOR * 2048;

    private static final String SMALL_REQUESTS = "2KiB";

    private TestServer server;
    private RawConnection connection;

    @BeforeEach
    void start() throws InterruptedException {
        server = TestServer.start(config -> config.with("limits.request_bytes", SMALL_REQUESTS)
                .with("limits.unwritten_bytes", "256KiB")
                .with("limits.read_time", "5m") // a frozen store stays so for as long as the test wants
                .with("shutdown.grace", "30s")
                .with("event_loops", "1"));
        connection = connect(new Http2Settings());
    }

    private RawConnection connect(Http2Settings settings) {
        return new RawConnection(server.server.port(), settings);
    }

    @AfterEach
    void stop() {
        connection.close();
        server.close();
    }

    @Test
    void answersARequestInOneFrame() {
        requireRow(asked("k1"), "k1");
    }

    @Test
    void answersARequestWhoseEndComesInAnEmptyFrame() {
        RawConnection.Call call = get();
        call.data(framed(request("k1")), false);
        call.data(NOTHING, true);
        requireRow(call, "k1");
    }

    @Test
    void answersARequestThatComesByteByByte() {
        RawConnection.Call call = get();
        for (byte each : framed(request("k1"))) {
            call.data(new byte[] {each}, false);
        }
        connection.ping();
        assertThat(call.frames()).as("it is not complete before its end").isEmpty();
        call.data(NOTHING, true);
        requireRow(call, "k1");
    }

    @Test
    void answersARequestThatEndsInTrailers() {
        RawConnection.Call call = get();
        call.data(framed(request("k1")), false);
        call.headers(new DefaultHttp2Headers().add("x-checksum", "none"), true);
        requireRow(call, "k1");
    }

    @Test
    void keepsRequestsApartWhoseFramesAreMixed() {
        List<RawConnection.Call> calls = new ArrayList<>();
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(get());
            requests.add(framed(request("k" + i)));
        }
        for (int at = 0; at < 64; at++) {
            for (int i = 0; i < calls.size(); i++) {
                byte[] request = requests.get(i);
                if (at < request.length) {
                    calls.get(i).data(new byte[] {request[at]}, at == request.length - 1);
                }
            }
        }
        for (int i = 0; i < calls.size(); i++) {
            requireRow(calls.get(i), "k" + i);
        }
    }

    @Test
    void refusesACallWithoutARequest() {
        requireRefused(connection.call(RawConnection.post(GET), true), Status.Code.INTERNAL, "no request message");
        RawConnection.Call empty = get();
        empty.data(NOTHING, true);
        requireRefused(empty, Status.Code.INTERNAL, "no request message");
    }

    @Test
    void refusesARequestThatIsNotOneMessage() {
        byte[] whole = framed(request("k1"));
        RawConnection.Call cut = get();
        cut.data(Arrays.copyOf(whole, whole.length - 1), true);
        requireRefused(cut, Status.Code.INTERNAL, "ended inside its message");

        RawConnection.Call twice = get();
        twice.data(whole, false);
        twice.data(whole, true);
        requireRefused(twice, Status.Code.INTERNAL, "more than one request message");

        byte[] odd = whole.clone();
        odd[0] = 2;
        RawConnection.Call strange = get();
        strange.data(odd, true);
        requireRefused(strange, Status.Code.INTERNAL, "neither 0 nor 1");
    }

    @Test
    void readsACompressedRequest() {
        RawConnection.Call call = connection.call(RawConnection.post(GET).add("grpc-encoding", "gzip"));
        call.data(framed(1, gzip(request("k1").toByteArray())), true);
        requireRow(call, "k1");
        assertThat(server.stub
                        .withCompression("gzip")
                        .get(request("k2"))
                        .getValue()
                        .toByteArray())
                .isEqualTo(TestContracts.value("k2", "one"));
    }

    @Test
    void refusesACompressedRequestThatItCannotRead() {
        byte[] compressed = gzip(request("k1").toByteArray());

        RawConnection.Call unsaid = get();
        unsaid.data(framed(1, compressed), true);
        requireRefused(unsaid, Status.Code.INTERNAL, "grpc-encoding");

        RawConnection.Call unknown = connection.call(RawConnection.post(GET).add("grpc-encoding", "snappy"));
        unknown.data(framed(1, compressed), true);
        requireRefused(unknown, Status.Code.UNIMPLEMENTED, "snappy");
        assertThat(unknown.head().get("grpc-accept-encoding")).hasToString("gzip");

        for (byte[] broken : List.of(
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
                Arrays.copyOf(compressed, compressed.length - 9),
                Arrays.copyOf(compressed, 4),
                NOTHING)) {
            RawConnection.Call call = connection.call(RawConnection.post(GET).add("grpc-encoding", "gzip"));
            call.data(framed(1, broken), true);
            requireRefused(call, Status.Code.INTERNAL, "cannot be decompressed");
            assertThat(call.head().get("grpc-message").toString()).doesNotContain("null");
        }
    }

    @Test
    void refusesARequestThatIsFarTooLargeWhenDecompressed() {
        RawConnection.Call call = connection.call(RawConnection.post(GET).add("grpc-encoding", "gzip"));
        call.data(framed(1, gzip(new byte[1 << 20])), true);
        requireRefused(call, Status.Code.RESOURCE_EXHAUSTED, "the request is larger than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "n", "1x", "-1S", "123456789n", "1 m"})
    void refusesATimeoutThatIsNone(String timeout) {
        RawConnection.Call withoutMessage =
                connection.call(RawConnection.post(GET).add("grpc-timeout", timeout), true);
        requireRefused(withoutMessage, Status.Code.INTERNAL, "grpc-timeout");

        RawConnection.Call call = connection.call(RawConnection.post(GET).add("grpc-timeout", timeout));
        call.awaitFrames(2);
        call.data(framed(request("k1")), true); // it may have been on its way
        connection.ping();
        requireFirst(call, Status.Code.INTERNAL, "grpc-timeout");
        requireRow(asked("k1"), "k1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0n", "1n", "20m"})
    void anAnswerIsNotWaitedForBeyondTheTimeout(String timeout) {
        freeze();
        RawConnection.Call call = connection.call(RawConnection.post(GET).add("grpc-timeout", timeout));
        call.data(framed(request("k1")), true);
        requireRefused(call, Status.Code.DEADLINE_EXCEEDED, "deadline");
        assertThat(server.lookupsInFlight()).isZero();
    }

    @Test
    void refusesARequestFarBeyondTheLimitWhoseCallerGoesOn() {
        byte[] chunk = new byte[16 << 10];
        chunk[1] = 0x40; // of a message of a gigabyte
        for (int i = 0; i < 4; i++) { // together more than the connection has credit for at once
            RawConnection.Call call = get();
            call.data(Arrays.copyOf(chunk, FRAMED_BYTES_MAX), false);
            connection.ping();
            assertThat(call.frames()).as("so much is read").isEmpty();
            call.data(chunk, false);
            call.awaitFrames(2);
            requireFirst(call, Status.Code.RESOURCE_EXHAUSTED, "the request is larger than");
            for (int more = 0; more < 40; more++) {
                call.data(chunk, false);
            }
            requireRow(asked("k" + i), "k" + i);
        }
        assertThat(connection.goAways()).isEmpty();
    }

    /** It is larger than what the caller has credit for at first. */
    @Test
    void givesCreditForARequestWhileItComes() throws InterruptedException {
        byte[] large = framed(0, new byte[1_500_000]);
        try (TestServer other = TestServer.start(config -> config.with("limits.request_bytes", "1MiB"));
                RawConnection caller = new RawConnection(other.server.port())) {
            RawConnection.Call call = caller.call(RawConnection.post(BATCH_GET));
            for (int from = 0; from < large.length; from += 16_000) {
                int to = Math.min(large.length, from + 16_000);
                call.data(Arrays.copyOfRange(large, from, to), to == large.length);
            }
            call.awaitEnd();
            requireStatus(call, Status.Code.INVALID_ARGUMENT, "limits.request_bytes");
        }
    }

    @Test
    void forgetsALookupThatItsCallerCancels() {
        freeze();
        RawConnection.Call call = asked("k1");
        RawConnection.Call other = asked("k2");
        Await.until("both wait", () -> server.lookupsInFlight() == 2);
        call.reset(Http2Error.CANCEL);
        Await.until("one waits", () -> server.lookupsInFlight() == 1);
        server.store.faults().stop();
        requireRow(other, "k2");
        connection.ping();
        assertThat(call.frames()).isEmpty();
        assertThat(server.lookupsInFlight()).isZero();
        requireRow(asked("k1"), "k1");
    }

    @Test
    void forgetsWhatItsCallerBeganAndCancels() {
        RawConnection.Call call = get();
        call.data(Arrays.copyOf(framed(request("k1")), 3), false);
        call.reset(Http2Error.CANCEL);
        connection.ping();
        assertThat(call.frames()).isEmpty();
        requireRow(asked("k1"), "k1");
    }

    @Test
    void forgetsTheLookupsOfAConnectionThatIsGone() {
        freeze();
        try (RawConnection gone = connect(new Http2Settings())) {
            for (int i = 0; i < 5; i++) {
                gone.call(RawConnection.post(GET)).data(framed(request("k" + i)), true);
            }
            Await.until("all wait", () -> server.lookupsInFlight() == 5);
            gone.abort();
            Await.until("none waits", () -> server.lookupsInFlight() == 0);
        }
        server.store.faults().stop();
        requireRow(asked("k1"), "k1");
    }

    @Test
    void sendsNoMoreOfAnAnswerThanThereIsCreditFor() throws InvalidProtocolBufferException {
        server.growth.publish(VersionDraft.of(TestServer.ITEMS).row("long", "0123456789".repeat(200)));
        server.awaitVersion(TestServer.ITEMS, 2);
        GetResponse row = server.stub.get(request("long"));
        try (RawConnection slow = connect(new Http2Settings().initialWindowSize(16))) {
            RawConnection.Call call = slow.call(RawConnection.post(GET));
            call.data(framed(request("long")), true);
            int credit = 16;
            for (call.awaitBody(credit); !call.isOver(); call.awaitBody(credit)) {
                slow.ping();
                if (!call.isOver()) {
                    assertThat(call.body()).hasSize(credit);
                }
                call.credit(16);
                credit += 16;
            }
            assertThat(credit).isGreaterThan(2_000);
            assertThat(call.trailers().get("grpc-status")).hasToString("0");
            assertThat(call.frames()).startsWith("HEADERS").endsWith("HEADERS END");
            assertThat(message(call, GetResponse.parser())).isEqualTo(row);
        }
    }

    /** RFC 7541, 4.2: the first headers after such a setting begin with the table's new size, or the caller gives up. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1024, 65_536})
    void followsACallerWhoWantsAnotherHeaderTable(int bytes) {
        try (RawConnection other = connect(new Http2Settings().headerTableSize(bytes))) {
            for (int i = 0; i < 3; i++) {
                RawConnection.Call call = other.call(RawConnection.post(GET));
                call.data(framed(request("k" + i)), true);
                requireRow(call, "k" + i);
                RawConnection.Call refused = other.call(RawConnection.post(GET));
                refused.data(NOTHING, true);
                requireRefused(refused, Status.Code.INTERNAL, "no request message");
            }
        }
    }

    @Test
    void keepsNoMoreOfUnfinishedRequestsThanItsLimit() throws InterruptedException {
        byte[] part = new byte[16_000];
        part[2] = 0x10; // of a message of a megabyte
        try (TestServer other = TestServer.start(config -> config);
                RawConnection caller = new RawConnection(other.server.port())) {
            List<RawConnection.Call> calls = new ArrayList<>();
            for (int i = 0; i < 17; i++) {
                RawConnection.Call call = caller.call(RawConnection.post(BATCH_GET));
                for (int parts = 0; parts < 62; parts++) {
                    call.data(part, false);
                }
                calls.add(call);
            }
            RawConnection.Call last = calls.get(calls.size() - 1);
            last.awaitFrames(2);
            requireFirst(last, Status.Code.RESOURCE_EXHAUSTED, "not complete");
            assertThat(calls.subList(0, calls.size() - 1)).noneMatch(RawConnection.Call::isOver);
            calls.subList(0, calls.size() - 1).forEach(call -> call.reset(Http2Error.CANCEL));
            RawConnection.Call next = caller.call(RawConnection.post(GET));
            next.data(framed(request("k1")), true);
            requireRow(next, "k1");
        }
    }

    @Test
    void welcomesPingsThatFollowAnswers() {
        for (int i = 0; i < 20; i++) {
            requireRow(asked("k1"), "k1");
            requireRow(asked("k2"), "k2");
            connection.ping();
        }
        assertThat(connection.goAways()).isEmpty();
    }

    @Test
    void refusesAsManyRequestsAsACallerMayHaveBeforeItReads() {
        try (RawConnection busy = connect(new Http2Settings())) {
            List<RawConnection.Call> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                RawConnection.Call call = busy.call(RawConnection.post(GET));
                call.data(NOTHING, true);
                calls.add(call);
            }
            for (RawConnection.Call call : calls) {
                call.awaitEnd();
                requireStatus(call, Status.Code.INTERNAL, "no request message");
            }
        }
    }

    @Test
    void keepsNothingForCallersWhoGiveNoCreditAndGo() {
        byte[] large = framed(batch(Collections.nCopies(400, "k1")));
        for (int round = 0; round < 3; round++) {
            try (RawConnection lazy = connect(new Http2Settings().initialWindowSize(0))) {
                List<RawConnection.Call> unread = fill(lazy, large);
                unread.forEach(call -> call.reset(Http2Error.CANCEL));
                lazy.ping();
                requireRow(asked("k1"), "k1");
                fill(lazy, large);
                lazy.abort();
            }
            Await.until("there is room again", () -> {
                RawConnection.Call call = asked("k1");
                call.awaitEnd();
                return "0".contentEquals(call.trailers().get("grpc-status"));
            });
        }
    }

    /** Asks for answers until there is no more room for unread ones. */
    private List<RawConnection.Call> fill(RawConnection lazy, byte[] request) {
        List<RawConnection.Call> unread = new ArrayList<>();
        RawConnection.Call last;
        do {
            RawConnection.Call call = lazy.call(RawConnection.post(BATCH_GET));
            long answeredBefore = batchesAnswered();
            call.data(request, true);
            Await.until("answered or refused", () -> call.isOver() || batchesAnswered() > answeredBefore);
            last = call;
            unread.add(call);
        } while (!last.isOver());
        assertThat(unread).hasSizeGreaterThan(2);
        requireRefused(last, Status.Code.RESOURCE_EXHAUSTED, "limits.unwritten_bytes");
        requireRefused(asked("k1"), Status.Code.RESOURCE_EXHAUSTED, "limits.unwritten_bytes");
        return unread;
    }

    private long batchesAnswered() {
        return Http.get(server.server.httpPort(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("penstock_requests_seconds_count") && line.contains("BatchGet"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/grpc+proto",
                "application/grpc;charset=utf-8",
                "Application/gRPC",
                "application/GRPC+proto"
            })
    void takesEveryContentTypeOfGrpc(String type) {
        Http2Headers headers = RawConnection.post(GET);
        headers.set("content-type", type);
        RawConnection.Call call = connection.call(headers);
        call.data(framed(request("k1")), true);
        requireRow(call, "k1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/grpcx", "application/grp", ""})
    void refusesAnotherContentTypeAsGrpcDoes(String type) {
        requireSameRefusal("415", headers -> headers.set("content-type", type));
    }

    @Test
    void refusesAnotherMethodAsGrpcDoes() {
        requireSameRefusal("405", headers -> headers.method("GET"));
    }

    private void requireSameRefusal(String status, Consumer<Http2Headers> wrong) {
        List<Http2Headers> answers = new ArrayList<>();
        for (String method : List.of(GET, LIST_DATASETS)) {
            Http2Headers headers = RawConnection.post(method);
            wrong.accept(headers);
            RawConnection.Call call = connection.call(headers, true);
            call.awaitEnd();
            assertThat(call.head().status()).as(method).hasToString(status);
            answers.add(call.head());
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
        requireRow(asked("k1"), "k1");
    }

    @Test
    void saysInItsTrailersWhatIsWrong() throws InvalidProtocolBufferException {
        RawConnection.Call call = get();
        call.data(framed(request("k1").toBuilder().setDataset("nothing.v1").build()), true);
        requireRefused(call, Status.Code.NOT_FOUND, "ListDatasets");
        com.google.rpc.Status details = com.google.rpc.Status.parseFrom(Base64.getDecoder()
                .decode(call.head().get("grpc-status-details-bin").toString()));
        assertThat(details.getCode()).isEqualTo(Status.Code.NOT_FOUND.value());
        assertThat(details.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo("UNKNOWN_DATASET");
    }

    @Test
    void sharesItsConnectionWithOtherServices() throws InvalidProtocolBufferException {
        freeze();
        RawConnection.Call get = get();
        RawConnection.Call health =
                connection.call(RawConnection.post(HealthGrpc.getCheckMethod().getFullMethodName()));
        RawConnection.Call batch = connection.call(RawConnection.post(BATCH_GET));
        RawConnection.Call list = connection.call(RawConnection.post(LIST_DATASETS));
        RawConnection.Call reflection = connection.call(RawConnection.post(
                ServerReflectionGrpc.getServerReflectionInfoMethod().getFullMethodName()));
        byte[] request = framed(request("k1"));

        get.data(Arrays.copyOf(request, 7), false);
        reflection.data(
                framed(ServerReflectionRequest.newBuilder().setListServices("").build()), true);
        batch.data(framed(batch(List.of("k2", "k3"))), true);
        health.data(framed(HealthCheckRequest.getDefaultInstance()), true);
        get.data(Arrays.copyOfRange(request, 7, request.length), true);
        list.data(framed(ListDatasetsRequest.getDefaultInstance()), true);

        assertThat(answer(health, HealthCheckResponse.parser()).getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
        assertThat(answer(list, ListDatasetsResponse.parser()).getDatasetsList())
                .hasSize(2);
        assertThat(answer(reflection, ServerReflectionResponse.parser())
                        .getListServicesResponse()
                        .getServiceList())
                .extracting(service -> service.getName())
                .contains(ServingServiceGrpc.SERVICE_NAME);
        Await.until("the look-ups wait", () -> server.lookupsInFlight() == 2);
        server.store.faults().stop();
        requireRow(get, "k1");
        assertThat(answer(batch, BatchGetResponse.parser()).getGroups(0).getRowsList())
                .extracting(row -> row.getValue().toByteArray())
                .containsExactly(TestContracts.value("k2", "one"), TestContracts.value("k3", "one"));
    }

    @Test
    void goesOnAfterATrailerThatIsNone() {
        RawConnection.Call call = get();
        call.data(framed(request("k1")), false);
        call.headers(new DefaultHttp2Headers().add("x-more", "yes"), false);
        call.awaitEnd();
        assertThat(call.frames()).containsExactly("RST_STREAM PROTOCOL_ERROR");
        requireRow(asked("k1"), "k1");
    }

    @Test
    void goesOnAfterMetadataBeyondTheLimit() {
        RawConnection.Call call = connection.call(RawConnection.post(GET).add("x-much", "x".repeat(10_000)), true);
        call.awaitEnd();
        assertThat(call.head().status()).hasToString("431");
        requireRow(asked("k1"), "k1");
    }

    @Test
    void answersWhatWaitsAndWhatStillComesWhenItIsDrained() throws InterruptedException {
        freeze();
        connection.holdPings();
        RawConnection.Call waiting = asked("k1");
        Await.until("it waits", () -> server.lookupsInFlight() == 1);
        Thread closing = new Thread(server.server::close);
        closing.start();
        connection.awaitGoAways(1);
        assertThat(connection.goAways()).as("streams are still taken").containsExactly(Integer.MAX_VALUE);
        RawConnection.Call late = asked("k2"); // its caller has not seen GOAWAY yet
        connection.ping();
        connection.confirmPings();
        connection.awaitGoAways(2);
        assertThat(connection.goAways()).as("none after these two").last().isEqualTo(3);
        assertThat(waiting.frames()).isEmpty();
        assertThat(late.frames()).isEmpty();
        server.store.faults().stop();
        requireDrained(closing, () -> {
            requireRow(waiting, "k1");
            requireRow(late, "k2");
        });
    }

    @Test
    void refusesTheLastLookupOfADrainedConnectionBeforeItEnds() throws InterruptedException {
        RawConnection.Call last = get();
        connection.ping();
        Thread closing = new Thread(server.server::close);
        closing.start();
        connection.awaitGoAways(2);
        last.data(framed(request("")), true);
        requireDrained(closing, () -> {
            last.awaitEnd();
            assertThat(last.frames()).containsExactly("HEADERS END");
            requireStatus(last, Status.Code.INVALID_ARGUMENT, "key");
        });
    }

    private void requireDrained(Thread closing, Runnable whatIsAnswered) throws InterruptedException {
        whatIsAnswered.run();
        connection.awaitClosed();
        closing.join(Await.LIMIT.toMillis());
        assertThat(closing.isAlive()).isFalse();
    }

    private void freeze() {
        server.store.faults().always(Fault.FROZEN, Operation.BLOB_READ);
    }

    private RawConnection.Call get() {
        return connection.call(RawConnection.post(GET));
    }

    private RawConnection.Call asked(String key) {
        RawConnection.Call call = get();
        call.data(framed(request(key)), true);
        return call;
    }

    private static GetRequest request(String key) {
        return GetRequest.newBuilder().setDataset(TestServer.ITEMS).setKey(key).build();
    }

    private static BatchGetRequest batch(List<String> keys) {
        return BatchGetRequest.newBuilder()
                .addGroups(DatasetKeys.newBuilder().setDataset(TestServer.ITEMS).addAllKeys(keys))
                .build();
    }

    private static byte[] framed(MessageLite message) {
        return framed(0, message.toByteArray());
    }

    private static byte[] framed(int first, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) first)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    private static void requireRow(RawConnection.Call call, String key) {
        GetResponse row;
        try {
            row = answer(call, GetResponse.parser());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        assertThat(row.getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        assertThat(row.getValue().toByteArray()).isEqualTo(TestContracts.value(key, "one"));
    }

    private static <T> T answer(RawConnection.Call call, Parser<T> parser) throws InvalidProtocolBufferException {
        call.awaitEnd();
        assertThat(call.frames())
                .as("%s", call.trailers())
                .startsWith("HEADERS", "DATA")
                .endsWith("HEADERS END");
        assertThat(call.head().status()).hasToString("200");
        assertThat(call.head().get("content-type")).hasToString("application/grpc");
        assertThat(call.trailers().get("grpc-status")).hasToString("0");
        return message(call, parser);
    }

    private static <T> T message(RawConnection.Call call, Parser<T> parser) throws InvalidProtocolBufferException {
        ByteBuffer body = ByteBuffer.wrap(call.body());
        assertThat(body.get()).as("not compressed").isZero();
        assertThat(body.getInt()).isEqualTo(body.remaining());
        return parser.parseFrom(body);
    }

    /** Of a call whose caller has said all: there is nothing but trailers. */
    private void requireRefused(RawConnection.Call call, Status.Code code, String... says) {
        call.awaitEnd();
        connection.ping();
        assertThat(call.frames()).containsExactly("HEADERS END");
        requireStatus(call, code, says);
    }

    /** Of a call whose caller has more to say: it is told to stop. */
    private static void requireFirst(RawConnection.Call call, Status.Code code, String... says) {
        assertThat(call.frames()).startsWith("HEADERS END", "RST_STREAM NO_ERROR");
        requireStatus(call, code, says);
    }

    private static void requireStatus(RawConnection.Call call, Status.Code code, String... says) {
        assertThat(call.head().status()).hasToString("200");
        assertThat(call.head().get("content-type")).hasToString("application/grpc");
        assertThat(call.head().get("grpc-status")).hasToString(Integer.toString(code.value()));
        assertThat(call.head().get("grpc-message").toString()).isNotEmpty().contains(says);
    }
}
