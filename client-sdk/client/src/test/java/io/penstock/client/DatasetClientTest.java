package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.penstock.client.typed.ContractField;
import io.penstock.client.typed.DatasetClient;
import io.penstock.client.typed.KeyTexts;
import io.penstock.client.typed.ReadSetup;
import io.penstock.serving.v1.BatchGetRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What generated clients inherit, through one written by hand. */
@Timeout(60)
class DatasetClientTest {
    private static final String LINES = "order-lines.v1";

    private final FakeServer server = new FakeServer();
    private final PenstockClient penstock =
            server.client().deadline(Duration.ofSeconds(20)).batchKeysMax(10).build();
    private final LinesClient client = LinesClient.of(penstock);

    private record LineKey(String order, int line) {}

    private enum Field implements ContractField<ByteString> {
        PRICE(7),
        ARTICLE(3);

        private final int number;

        Field(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    private static final class LinesClient extends DatasetClient<LineKey, ByteString, LinesClient> {
        static final DatasetBinding<LineKey, ByteString> DATASET = new DatasetBinding<>(
                LINES, key -> KeyTexts.join(key.order(), Integer.toString(key.line())), value -> value);

        static LinesClient of(DatasetReader reader) {
            return new LinesClient(ReadSetup.of(DATASET, reader));
        }

        private LinesClient(ReadSetup<LineKey, ByteString> setup) {
            super(setup, LinesClient::new);
        }

        Lookup<ByteString> get(String order, int line) {
            return lookUp(new LineKey(order, line));
        }

        CompletableFuture<Lookup<ByteString>> getAsync(String order, int line) {
            return lookUpAsync(new LineKey(order, line));
        }
    }

    @BeforeEach
    void serve() {
        server.serve(LINES, 3);
    }

    @AfterEach
    void close() {
        penstock.close();
        server.close();
    }

    @Test
    void writesKeysAndReadsRows() {
        assertThat(client.get("a|b", 7).orElseThrow()).isEqualTo(ByteString.copyFromUtf8("v3:a\\|b|7"));
        assertThat(client.getAsync("a", -7).join().orElseThrow()).isEqualTo(ByteString.copyFromUtf8("v3:a|-7"));
    }

    @Test
    void answersEveryKeyOnceAndInOrder() {
        List<LineKey> keys = List.of(
                new LineKey("z", 1), new LineKey("absent", 1), new LineKey("lost", 1), new LineKey("z", 1), key(0));
        Map<LineKey, Lookup<ByteString>> rows = client.getAll(keys);
        assertThat(rows.keySet())
                .containsExactly(new LineKey("z", 1), new LineKey("absent", 1), new LineKey("lost", 1), key(0));
        assertThat(lookup(rows, new LineKey("z", 1))).isInstanceOf(Lookup.Found.class);
        assertThat(lookup(rows, new LineKey("absent", 1))).isInstanceOf(Lookup.Absent.class);
        assertThat(lookup(rows, new LineKey("lost", 1)))
                .isInstanceOfSatisfying(
                        Lookup.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(DataLossException.class));
        assertThatThrownBy(() -> lookup(rows, new LineKey("lost", 1)).value()).isInstanceOf(DataLossException.class);
        assertThatThrownBy(rows::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void cutsManyKeysIntoRequestsOfOneVersion() {
        List<LineKey> keys = IntStream.range(0, 35).mapToObj(this::key).toList();
        assertThat(client.getAll(keys)).hasSize(35).containsOnlyKeys(keys);
        assertThat(server.batches).hasSize(4);
        assertThat(server.batches.subList(1, 4))
                .extracting(request -> request.getGroups(0).getOptions().getVersion())
                .containsOnly(3L);
        Map<LineKey, Lookup<ByteString>> later = client.getAllAsync(keys).join();
        assertThat(later.keySet()).containsExactlyElementsOf(keys);
    }

    @Test
    void asksNobodyForNothing() {
        assertThat(client.getAll(List.of())).isEmpty();
        assertThat(client.getAllAsync(List.of()).join()).isEmpty();
        assertThat(server.batches).isEmpty();
    }

    @Test
    void failsAsAWholeIfTheDatasetDoes() {
        LinesClient elsewhere = client.inNamespace("growth");
        NotFoundException failure =
                catchThrowableOfType(NotFoundException.class, () -> elsewhere.getAll(List.of(key(1))));
        assertThat(failure).hasMessageContaining("growth/order-lines.v1");
        Throwable[] seen = new Throwable[1];
        assertThat(elsewhere
                        .getAllAsync(List.of(key(1)))
                        .handle((rows, thrown) -> {
                            seen[0] = thrown;
                            return "handled";
                        })
                        .join())
                .isEqualTo("handled");
        assertThat(seen[0]).isInstanceOf(NotFoundException.class);
    }

    @Test
    void cancelsTheRequestsOfACancelledFuture() throws Exception {
        server.batchGet = request -> null;
        CompletableFuture<Map<LineKey, Lookup<ByteString>>> rows = client.getAllAsync(List.of(key(1)));
        assertThat(server.deadlines.poll(10, TimeUnit.SECONDS)).isNotNull();
        rows.cancel(false);
        assertThat(server.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void sendsWhatItsClientsWereMadeWith() {
        client.withVersion(3)
                .withMaxAge(Duration.ofHours(2))
                .withFields(Field.PRICE, Field.ARTICLE)
                .get("a", 1);
        assertThat(server.gets.get(0).getOptions())
                .isEqualTo(io.penstock.serving.v1.ReadOptions.newBuilder()
                        .setVersion(3)
                        .setMaxAge(com.google.protobuf.Duration.newBuilder().setSeconds(7_200))
                        .addFields(3)
                        .addFields(7)
                        .build());
        assertThat(client.options()).isEqualTo(ReadOptions.none());
        assertThat(client.withFields(Field.PRICE).withFields().options()).isEqualTo(ReadOptions.none());
    }

    @Test
    void staysAtTheVersionOfAnAnswer() {
        LinesClient pinned = client.withVersionOf(client.get("a", 1));
        server.serve(LINES, 4);
        assertThat(pinned.get("a", 2).version()).isEqualTo(3);
        assertThat(lookup(pinned.getAll(List.of(key(1))), key(1)).version()).isEqualTo(3);
        assertThat(client.get("a", 2).version()).isEqualTo(4);
        BatchGetRequest batch = server.batches.get(0);
        assertThat(batch.getGroups(0).getOptions().getMinRevision()).isEqualTo(1);
    }

    @Test
    void neverGoesBackInASession() {
        LinesClient session = client.session();
        session.get("a", 1);
        session.get("a", 1);
        assertThat(server.gets)
                .extracting(request -> request.getOptions().getMinRevision())
                .containsExactly(0L, 1L);
    }

    @Test
    void hasADeadlineOfItsOwn() throws Exception {
        client.withDeadline(Duration.ofSeconds(7)).get("a", 1);
        Deadline deadline = Objects.requireNonNull(server.deadlines.poll(10, TimeUnit.SECONDS));
        assertThat(deadline.timeRemaining(TimeUnit.MILLISECONDS)).isBetween(1L, 7_000L);
    }

    @Test
    void refusesANamespaceThatIsNone() {
        assertThatThrownBy(() -> client.inNamespace("a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("namespace: 'a/b' (expected: a namespace's name)");
    }

    private LineKey key(int line) {
        return new LineKey("o", line);
    }

    private static <K> Lookup<ByteString> lookup(Map<K, Lookup<ByteString>> rows, K key) {
        return Objects.requireNonNull(rows.get(key));
    }
}
