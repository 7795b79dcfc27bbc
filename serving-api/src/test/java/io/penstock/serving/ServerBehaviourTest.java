package io.penstock.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.metrics.MetricNames;
import io.penstock.serving.testing.StoredVersions;
import io.penstock.serving.testing.TestContracts;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.v1.GetContractRequest;
import io.penstock.serving.v1.GetContractResponse;
import io.penstock.serving.v1.GetDatasetRequest;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.WatchDatasetsRequest;
import io.penstock.serving.v1.WatchDatasetsResponse;
import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Operation;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerBehaviourTest {
    private static final String ITEMS = TestServer.ITEMS;
    private static final GetRequest GET =
            GetRequest.newBuilder().setDataset(ITEMS).setKey("k1").build();

    @TempDir
    Path directory;

    @Test
    void describesDatasetsAndContracts() throws InterruptedException {
        try (TestServer server = TestServer.start()) {
            Dataset items = server.stub
                    .getDataset(GetDatasetRequest.newBuilder().setDataset(ITEMS).build())
                    .getDataset();
            assertThat(items.getNamespace() + "/" + items.getName()).isEqualTo("growth/items.v1");
            assertThat(items.getState()).isEqualTo(Dataset.State.STATE_SERVING);
            assertThat(items.getOwner()).isEqualTo("tests");
            assertThat(items.getProblem()).isEmpty();
            assertThat(items.getVersion().getRows()).isEqualTo(50);

            ListDatasetsResponse first = server.stub.listDatasets(
                    ListDatasetsRequest.newBuilder().setPageSize(1).build());
            assertThat(first.getDatasetsList()).containsExactly(items);
            ListDatasetsResponse second = server.stub.listDatasets(ListDatasetsRequest.newBuilder()
                    .setPageSize(1)
                    .setPageToken(first.getNextPageToken())
                    .build());
            assertThat(second.getDatasetsList()).extracting(Dataset::getName).containsExactly("scores.v1");
            assertThat(second.getNextPageToken()).isEmpty();
            refused(
                    () -> server.stub.listDatasets(
                            ListDatasetsRequest.newBuilder().setPageToken("?").build()),
                    Status.Code.INVALID_ARGUMENT);

            GetContractResponse contract = server.stub.getContract(
                    GetContractRequest.newBuilder().setDataset(ITEMS).build());
            assertThat(contract.getDescriptorSet())
                    .isEqualTo(TestContracts.of(ITEMS).getDescriptorSet());
            assertThat(contract.getDigest()).isEqualTo(items.getVersion().getContractDigest());
            assertThat(server.stub.getContract(GetContractRequest.newBuilder()
                            .setDigest(contract.getDigest())
                            .build()))
                    .isEqualTo(contract);
            refused(
                    () -> server.stub.getContract(GetContractRequest.getDefaultInstance()),
                    Status.Code.INVALID_ARGUMENT);
            refused(
                    () -> server.stub.getDataset(GetDatasetRequest.newBuilder()
                            .setDataset("nothing.v1")
                            .build()),
                    Status.Code.NOT_FOUND);
        }
    }

    @Test
    void tellsWatchersThePresentAndThenWhatChanges() throws InterruptedException {
        try (TestServer server = TestServer.start()) {
            Iterator<WatchDatasetsResponse> watch =
                    server.stub.watchDatasets(WatchDatasetsRequest.getDefaultInstance());
            assertThat(watch.next().getDatasetsList())
                    .extracting(Dataset::getName)
                    .containsExactly(ITEMS, "scores.v1");
            server.growth.publish(VersionDraft.of(ITEMS).rows(50, "two"));
            WatchDatasetsResponse change = watch.next();
            assertThat(change.getDatasetsList()).extracting(Dataset::getName).containsExactly(ITEMS);
            assertThat(change.getDatasets(0).getVersion().getVersion()).isEqualTo(2);
        }
    }

    @Test
    void saysHowItIsByHealthReflectionAndHttp() throws Exception {
        try (TestServer server = TestServer.start()) {
            for (String service : List.of("", ITEMS, "growth/items.v1", "risk/scores.v1")) {
                assertThat(health(server.channel, service)).as(service).isEqualTo(ServingStatus.SERVING);
            }
            refused(() -> health(server.channel, "scores.v1"), Status.Code.NOT_FOUND);
            assertThat(services(server.channel)).contains(ServingServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);
            server.stub.get(GET);
            int http = server.server.httpPort();
            assertThat(Http.get(http, "/healthz").statusCode()).isEqualTo(200);
            assertThat(Http.get(http, "/readyz").body()).isEqualTo("ready\n");
            assertThat(Http.get(http, "/datasets").body()).contains("\"items.v1\"", "\"scores.v1\"");
            assertThat(Http.get(http, "/nothing").statusCode()).isEqualTo(404);
            assertThat(Http.send(Http.request(http, "/metrics")
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build())
                            .statusCode())
                    .isEqualTo(405);
            requireDocumented(Http.get(http, "/metrics").body());
        }
    }

    @Test
    void figuresOutliveACollectionOfGarbage() throws InterruptedException {
        try (TestServer server = TestServer.start()) {
            System.gc();
            assertThat(Http.get(server.server.httpPort(), "/metrics").body())
                    .contains("\npenstock_ready 1.0\n", "\npenstock_store_unsafe 0.0\n");
        }
    }

    @Test
    void warmsUpWithRowsItHasForgetsThemAndCountsOnlyCallers() throws Exception {
        try (TestServer server =
                TestServer.start(config -> config.with("warmup.duration", "10s").with("warmup.lookups", "200"))) {
            assertThat(server.store.faults().count(Operation.BLOB_READ)).isGreaterThan(10);
            String cold = Http.get(server.server.httpPort(), "/metrics").body();
            assertThat(cold).doesNotContain("method=\"Get\"", "method=\"BatchGet\",outcome=\"OK\"} 1");
            assertThat(cold).as("nothing is left of it").contains("\npenstock_cache_rows 0.0\n");
            server.stub.get(GET);
            Await.until(
                    "the caller is counted",
                    () -> Http.get(server.server.httpPort(), "/metrics")
                            .body()
                            .contains("penstock_requests_seconds_count{dataset=\"growth/items.v1\",method=\"Get\","
                                    + "outcome=\"FOUND\"} 1"));
        }
    }

    private static void requireDocumented(String scraped) throws Exception {
        String documentation = Files.readString(Path.of("../docs/metrics.md"));
        Set<String> documented = new TreeSet<>();
        Pattern.compile("^\\| `(penstock_[a-z_]+)`", Pattern.MULTILINE)
                .matcher(documentation)
                .results()
                .forEach(match -> documented.add(match.group(1)));
        Set<String> shown = new TreeSet<>();
        Pattern.compile("^# TYPE (\\S+)", Pattern.MULTILINE)
                .matcher(scraped)
                .results()
                .forEach(match -> shown.add(match.group(1).replaceAll("_max$", "")));
        assertThat(scraped).contains("penstock_requests_seconds_bucket{dataset=\"growth/items.v1\",method=\"Get\"");
        for (String name : shown) {
            assertThat(documented).as(name).anyMatch(each -> each.equals(name) || each.equals(name + "_max"));
        }
        Set<String> constants = new TreeSet<>();
        for (Field field : MetricNames.class.getFields()) {
            if (!field.getName().startsWith("LABEL_")) {
                constants.add(String.valueOf(field.get(null)).replace('.', '_'));
            }
        }
        assertThat(documented)
                .allMatch(name -> constants.contains(name.replaceAll("_(seconds|total)$", "")))
                .hasSameSizeAs(constants);
    }

    @Test
    void drainsUnderLoadWithoutFailingACall() throws Exception {
        try (TestServer server = TestServer.start(config -> config.with("shutdown.lame_duck", "500ms"))) {
            BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
            AtomicInteger answered = new AtomicInteger();
            AtomicBoolean draining = new AtomicBoolean();
            List<Thread> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread caller = new Thread(() -> {
                    while (!draining.get() && failures.isEmpty()) {
                        try {
                            server.stub.get(GET);
                            answered.incrementAndGet();
                        } catch (StatusRuntimeException e) {
                            failures.add(e);
                        }
                    }
                });
                caller.start();
                callers.add(caller);
            }
            BlockingQueue<ServingStatus> seen = new LinkedBlockingQueue<>();
            HealthGrpc.newStub(server.channel).watch(HealthCheckRequest.getDefaultInstance(), new StreamObserver<>() {
                @Override
                public void onNext(HealthCheckResponse response) {
                    seen.add(response.getStatus());
                    if (response.getStatus() == ServingStatus.NOT_SERVING) {
                        draining.set(true); // as a load balancer does
                    }
                }

                @Override
                public void onError(Throwable error) {}

                @Override
                public void onCompleted() {}
            });
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(ServingStatus.SERVING);
            Await.until("calls are made", () -> answered.get() > 100);
            long start = System.nanoTime();
            server.server.close();
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
            for (Thread caller : callers) {
                caller.join(10_000);
            }
            assertThat(failures).isEmpty();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(ServingStatus.NOT_SERVING);
            assertThat(Await.stage(server.store.presence("growth").list())).isEmpty();
        }
    }

    @Test
    void servesOverTls() throws Exception {
        Path certificate = directory.resolve("tls.crt");
        Path key = directory.resolve("tls.key");
        selfSigned(certificate, key);
        assertThatThrownBy(() -> TestServer.CONFIG.with("tls.certificate", certificate.toString()))
                .hasMessage("tls.key: none (expected: the key of tls.certificate)");
        MemoryStore store = new MemoryStore();
        StoredVersions versions = StoredVersions.in(store, "growth");
        versions.publish(VersionDraft.of(ITEMS).rows(10, "one"));
        ServingConfig config = TestServer.CONFIG
                .withNamespaces(List.of("growth"))
                .with(Map.of("tls.certificate", certificate.toString(), "tls.key", key.toString()));
        try (store;
                versions;
                ServingServer server = ServingServer.start(config, store)) {
            assertThat(server.awaitReady(Duration.ofSeconds(20))).isTrue();
            ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", server.port())
                    .sslContext(GrpcSslContexts.forClient()
                            .trustManager(certificate.toFile())
                            .build())
                    .build();
            assertThat(ServingServiceGrpc.newBlockingStub(channel).get(GET).getOutcome())
                    .isEqualTo(Outcome.OUTCOME_FOUND);
            channel.shutdownNow();
        }
        Files.writeString(key, "nonsense");
        try (MemoryStore other = new MemoryStore()) {
            assertThatThrownBy(() -> ServingServer.start(config, other))
                    .isInstanceOf(ServingException.class)
                    .hasMessageContaining("tls.key " + key)
                    .extracting(e -> ((ServingException) e).code())
                    .isEqualTo(ServingException.Code.INVALID_CERTIFICATE);
        }
    }

    /** The JDK makes the certificate; PEM is only its bytes in another dress. */
    private void selfSigned(Path certificate, Path key) throws Exception {
        Path keyStore = directory.resolve("key.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "1",
                        "-keystore",
                        keyStore.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance(keyStore.toFile(), "changeit".toCharArray());
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
        Files.writeString(
                key,
                pem(
                        "PRIVATE KEY",
                        store.getKey("server", "changeit".toCharArray()).getEncoded()));
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                + "\n-----END " + what + "-----\n";
    }

    @Test
    void refusesPlaintextBeyondTheMachineUnlessAllowed() throws Exception {
        try (MemoryStore store = new MemoryStore()) {
            ServingConfig everywhere = TestServer.CONFIG.withListen("0.0.0.0:0").withHttp("none");
            assertThatThrownBy(() -> ServingServer.start(everywhere, store))
                    .isInstanceOf(ServingException.class)
                    .hasMessage("listen: 0.0.0.0:0 is reachable from other machines and would be in plaintext; set"
                            + " tls.certificate and tls.key, or allow it with insecure (--insecure)")
                    .extracting(e -> ((ServingException) e).code())
                    .isEqualTo(ServingException.Code.INSECURE);
            try (ServingServer server = ServingServer.start(everywhere.withInsecure(true), store)) {
                assertThat(server.port()).isPositive();
                assertThat(server.httpPort()).isEqualTo(-1);
            }
        }
    }

    @Test
    void namesTheAddressThatIsTaken() throws Exception {
        try (MemoryStore store = new MemoryStore();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertThatThrownBy(() -> ServingServer.start(TestServer.CONFIG.withListen(address), store))
                    .isInstanceOf(ServingException.class)
                    .hasMessageStartingWith("cannot listen on " + address + " (listen): ")
                    .extracting(e -> ((ServingException) e).code())
                    .isEqualTo(ServingException.Code.ADDRESS_UNAVAILABLE);
            assertThatThrownBy(() -> ServingServer.start(TestServer.CONFIG.withHttp(address), store))
                    .hasMessageStartingWith("cannot listen on " + address + " (http): ");
        }
    }

    @Test
    void isNotReadyBeforeThereIsACatalog() throws Exception {
        try (MemoryStore store = new MemoryStore();
                ServingServer server =
                        ServingServer.start(TestServer.CONFIG.withNamespaces(List.of("growth")), store)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                    .usePlaintext()
                    .build();
            assertThat(health(channel, "")).isEqualTo(ServingStatus.NOT_SERVING);
            refused(() -> ServingServiceGrpc.newBlockingStub(channel).get(GET), Status.Code.UNAVAILABLE);
            var versions = StoredVersions.in(store, "growth");
            versions.publish(VersionDraft.of(ITEMS).rows(10, "one"));
            assertThat(server.awaitReady(Duration.ofSeconds(20))).isTrue();
            assertThat(health(channel, "")).isEqualTo(ServingStatus.SERVING);
            versions.close();
            channel.shutdownNow();
        }
    }

    @Test
    void closesConnectionsBeyondTheLimit() throws Exception {
        try (TestServer server =
                TestServer.start(config -> config.with("connections.max", "1").with("warmup.duration", "0s"))) {
            server.stub.get(GET);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
                socket.setSoTimeout(10_000);
                assertThat(endOf(socket)).isTrue();
            }
            assertThat(server.stub.get(GET).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        }
    }

    private static boolean endOf(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("reset");
        }
    }

    private static ServingStatus health(ManagedChannel channel, String service) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    private static List<String> services(ManagedChannel channel) throws InterruptedException {
        BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
        StreamObserver<ServerReflectionRequest> asking = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable error) {}

                    @Override
                    public void onCompleted() {}
                });
        asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        asking.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(ServingServiceGrpc.SERVICE_NAME + ".Get")
                .build());
        ServerReflectionResponse listed = answers.poll(10, TimeUnit.SECONDS);
        ServerReflectionResponse file = answers.poll(10, TimeUnit.SECONDS);
        asking.onCompleted();
        assertThat(file.getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
        return listed.getListServicesResponse().getServiceList().stream()
                .map(ServiceResponse::getName)
                .toList();
    }

    private static void refused(ThrowingCallable call, Status.Code code) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getCode()).isEqualTo(code);
    }
}
