package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PenstockClientBuilderTest {
    @Test
    void connectsOverTheNetworkAndClosesItsConnection() throws Exception {
        try (FakeServer fake = new FakeServer()) {
            fake.serve("orders.v1", 1);
            Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(fake)
                    .build()
                    .start();
            try (PenstockClient client = PenstockClient.builder("127.0.0.1:" + server.getPort())
                    .deadline(Duration.ofSeconds(20))
                    .build()) {
                assertThat(client.get("orders.v1", "a").value()).contains(ByteString.copyFromUtf8("v1:a"));
                List<String> keys =
                        IntStream.range(0, 2_500).mapToObj(i -> "k" + i).toList();
                assertThat(client.batchGet("orders.v1", keys).lookups()).hasSize(2_500);
                assertThat(fake.batches).hasSize(3);
            } finally {
                server.shutdownNow();
                assertThat(server.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void completesFuturesOnTheGivenExecutor() throws Exception {
        ConcurrentLinkedQueue<String> threads = new ConcurrentLinkedQueue<>();
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "callers-own"));
        try (FakeServer fake = new FakeServer();
                PenstockClient client = fake.client().executor(executor).build()) {
            fake.serve("orders.v1", 1);
            DatasetBinding<String, String> binding = new DatasetBinding<>("orders.v1", key -> key, value -> {
                threads.add(Thread.currentThread().getName());
                return value.toStringUtf8();
            });
            client.getAsync(binding, "a").get(10, TimeUnit.SECONDS);
            assertThat(threads).containsExactly("callers-own");
        } finally {
            executor.shutdown();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void leavesAGivenChannelOpen() {
        try (FakeServer fake = new FakeServer()) {
            fake.serve("orders.v1", 1);
            fake.client().build().close();
            assertThat(fake.client().build().get("orders.v1", "a").outcome()).isEqualTo(Outcome.FOUND);
        }
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        PenstockClientBuilder builder = PenstockClient.builder("localhost:7070");
        assertThatThrownBy(() -> builder.batchKeysMax(0)).hasMessage("batchKeysMax: 0 (expected: > 0)");
        assertThatThrownBy(() -> builder.batchBytesMax(4_095)).hasMessage("batchBytesMax: 4095 (expected: >= 4096)");
        assertThatThrownBy(() -> builder.deadline(Duration.ZERO).build()).hasMessage("deadline: PT0S (expected: > 0)");
    }

    @Test
    void refusesSettingsThatContradictEachOther() {
        assertThatThrownBy(() -> PenstockClient.builder("localhost:7070")
                        .tls(ClientTls.ofJvm())
                        .channelCredentials(InsecureChannelCredentials.create())
                        .build())
                .hasMessage("tls, channelCredentials: both set (expected: one of them)");
        try (FakeServer fake = new FakeServer()) {
            assertThatThrownBy(() -> fake.client().tls(ClientTls.ofJvm()).build())
                    .hasMessage("tls, channelCredentials: set (expected: not with a channel, which has its own)");
        }
    }

    @Test
    void showsNoCredentialsInPlaintextUnlessToldTo() {
        CallCredentials token = new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {}
        };
        assertThatThrownBy(() -> PenstockClient.builder("localhost:7070")
                        .callCredentials(token)
                        .build())
                .hasMessage(
                        "callCredentials: would be sent in plaintext (expected: with tls, or with"
                                + " channelCredentials(InsecureChannelCredentials.create()) in a network that encrypts by itself)");
        PenstockClient.builder("localhost:7070")
                .callCredentials(token)
                .channelCredentials(InsecureChannelCredentials.create())
                .build()
                .close();
    }

    @Test
    void sendsTheCallersCredentials() {
        Metadata.Key<String> name = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
        CallCredentials token = new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(name, "Bearer of-the-caller");
                applier.apply(headers);
            }
        };
        try (TestServers servers = TestServers.start(1);
                PenstockClient client = servers.client()
                        .callCredentials(token)
                        .channelCredentials(InsecureChannelCredentials.create())
                        .build()) {
            client.get(TestServers.DATASET, "a");
            assertThat(servers.get(0).headers.get(0).get(name)).isEqualTo("Bearer of-the-caller");
        }
    }

    @Test
    void cutsBatchesByTheServersDefaultLimits() {
        assertThat(BatchLimits.DEFAULT).isEqualTo(new BatchLimits(1_000, 262_144));
    }
}
