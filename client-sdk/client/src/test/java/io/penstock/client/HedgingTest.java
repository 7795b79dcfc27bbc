package io.penstock.client;

import static io.penstock.client.TestServers.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HedgingTest {
    private static final Hedging SOON = Hedging.after(Duration.ofMillis(5));

    private final TestServers servers = TestServers.start(2);
    private final PenstockClient client = servers.client().hedging(SOON).build();

    @AfterEach
    void close() {
        client.close();
        servers.close();
    }

    private void connect() {
        client.awaitReady(Duration.ofSeconds(20));
        servers.awaitAsked(client, servers.get(0), servers.get(1));
    }

    /** It keeps what it is asked and answers nothing. */
    private void silence(int server) {
        servers.get(server).fake.get = request -> null;
        servers.get(server).fake.batchGet = request -> null;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void asksAnotherServerWhenTheFirstIsSilent(boolean blocking) throws Exception {
        connect();
        silence(0);
        for (int i = 0; i < 6; i++) {
            assertThat(get(blocking).value()).isPresent();
        }
        assertThat(servers.get(0).fake.cancelled.await(10, TimeUnit.SECONDS))
                .as("what the silent server was asked is cancelled")
                .isTrue();
    }

    private Lookup<?> get(boolean blocking) throws Exception {
        return blocking
                ? client.get(DATASET, "a")
                : client.getAsync(DATASET, "a").get(20, TimeUnit.SECONDS);
    }

    @Test
    void hedgesBatches() {
        connect();
        silence(0);
        for (int i = 0; i < 4; i++) {
            assertThat(client.batchGet(DATASET, List.of("a", "b")).lookups()).hasSize(2);
        }
    }

    @Test
    void spendsNoMoreThanItsBudget() {
        connect();
        silence(0);
        silence(1);
        PenstockClient impatient = client.withDeadline(Duration.ofMillis(30));
        int before = servers.get(0).gets() + servers.get(1).gets();
        int reads = 60;
        for (int i = 0; i < reads; i++) {
            assertThatThrownBy(() -> impatient.get(DATASET, "a"))
                    .isInstanceOfSatisfying(
                            PenstockException.class,
                            e -> assertThat(e.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
        }
        assertThat(servers.get(0).gets() + servers.get(1).gets() - before)
                .isLessThanOrEqualTo(reads + Budget.BURST_MAX + reads / 10);
    }

    @Test
    void hedgesNoMoreAfterAServerHadTooMuch() {
        connect();
        for (int i = 0; i < 2; i++) {
            servers.get(i).fake.get = request -> {
                throw FakeServer.failure(Status.RESOURCE_EXHAUSTED, Reason.REASON_OVERLOADED);
            };
        }
        assertThatThrownBy(() -> client.get(DATASET, "a")).hasMessageContaining("OVERLOADED");
        silence(0);
        silence(1);
        int before = servers.get(0).gets() + servers.get(1).gets();
        assertThatThrownBy(() -> client.withDeadline(Duration.ofMillis(50)).get(DATASET, "a"))
                .hasMessageContaining("DEADLINE_EXCEEDED");
        assertThat(servers.get(0).gets() + servers.get(1).gets() - before).isEqualTo(1);
    }

    @Test
    void savesOneExtraRequestForTenReads() {
        Budget budget = new Budget(10);
        for (int i = 0; i < Budget.BURST_MAX; i++) {
            assertThat(budget.tryTake()).isTrue();
        }
        assertThat(budget.tryTake()).isFalse();
        for (int i = 0; i < 9; i++) {
            budget.read();
        }
        assertThat(budget.tryTake()).isFalse();
        budget.read();
        assertThat(budget.tryTake()).isTrue();
        assertThat(budget.tryTake()).isFalse();
    }

    @Test
    void interruptsABlockingRead() {
        connect();
        silence(0);
        silence(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.get(DATASET, "a"))
                .hasMessage("Get of orders.v1: CANCELLED: the waiting thread was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> Hedging.after(Duration.ZERO)).hasMessage("delay: PT0S (expected: > 0)");
        assertThatThrownBy(() -> new Hedging(Duration.ofMillis(1), 101))
                .hasMessage("extraPercentMax: 101 (expected: 1 to 100)");
        assertThat(Hedging.after(Duration.ofMillis(1)).extraPercentMax()).isEqualTo(10);
    }
}
