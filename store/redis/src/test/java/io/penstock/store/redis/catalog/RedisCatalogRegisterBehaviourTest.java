package io.penstock.store.redis.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.v1.AuditEntry;
import io.penstock.storage.v1.Catalog;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.redis.servers.RedisReplication;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisCatalogRegisterBehaviourTest {
    private static final String NAMESPACE = "growth";
    private static final String KEY = "penstock:{growth}:catalog";
    private static final WriteId ONE = new WriteId(1, 1);
    private static final WriteId TWO = new WriteId(2, 2);

    @Test
    void lostReplyIsUnknownThoughTheMoveHappened() {
        try (RedisServer server = RedisServer.start();
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                Store store = open(proxy.port(), "300ms")) {
            proxy.dropReplies();
            assertThat(Await.stage(store.catalog(NAMESPACE).compareAndSet(null, ONE.toBytes())))
                    .isEqualTo(CasResult.UNKNOWN);
            proxy.heal();
            assertThat(readOnce(store)).contains(ONE.toBytes());
        }
    }

    @Test
    void clientFindsOutThatAnUnconfirmedMoveHappened() throws Exception {
        try (RedisServer server = RedisServer.start();
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                Store store = open(proxy.port(), "300ms")) {
            CatalogRegister register = store.catalog(NAMESPACE);
            new CatalogClient(register, NAMESPACE, new Random(1)).initialise();
            AtomicInteger attempts = new AtomicInteger();
            CatalogClient client =
                    new CatalogClient(new LosesFirstReply(register, proxy, attempts), NAMESPACE, new Random(2));
            Catalog catalog = client.apply(
                    7,
                    before -> before.toBuilder()
                            .addAudit(AuditEntry.newBuilder().setAction("test"))
                            .build());
            assertThat(attempts).hasValue(1);
            assertThat(catalog.getOperationsList()).containsExactly(7L);
            assertThat(client.require().catalog()).isEqualTo(catalog);
        }
    }

    /** A register whose first compare-and-set reaches the server and whose reply does not come back. */
    private record LosesFirstReply(CatalogRegister register, FaultProxy proxy, AtomicInteger attempts)
            implements CatalogRegister {
        @Override
        public CompletionStage<Optional<byte[]>> read() {
            return register.read();
        }

        @Override
        public CompletionStage<Optional<WriteId>> readWriteId() {
            return register.readWriteId();
        }

        @Override
        public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
            boolean isFirst = attempts.incrementAndGet() == 1;
            if (isFirst) {
                proxy.dropReplies();
            }
            CasResult result = Await.stage(register.compareAndSet(expected, value));
            if (isFirst) {
                assertThat(result).isEqualTo(CasResult.UNKNOWN);
                proxy.heal();
            }
            return CompletableFuture.completedFuture(result);
        }

        @Override
        public Watch watch(Runnable moved) {
            return register.watch(moved);
        }
    }

    @Test
    void moveThatWasNotSentIsUnreachable() {
        try (RedisServer server = RedisServer.start();
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                Store store = open(proxy.port(), "300ms")) {
            proxy.cut();
            CatalogRegister register = store.catalog(NAMESPACE);
            Await.until("the connection is known to be gone", () -> {
                CompletableFuture<CasResult> moved =
                        register.compareAndSet(null, ONE.toBytes()).toCompletableFuture();
                return moved.handle((result, error) -> error != null).join();
            });
            assertThat(Await.failure(() -> register.compareAndSet(null, ONE.toBytes())))
                    .isEqualTo(StoreException.Code.UNREACHABLE);
            assertThat(server.command("EXISTS", KEY)).isEqualTo("0");
        }
    }

    @Test
    void blackHoleEndsWithinTheTimeout() {
        try (RedisServer server = RedisServer.start();
                FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port());
                Store store = open(proxy.port(), "400ms")) {
            proxy.blackHole();
            long start = System.nanoTime();
            CatalogRegister register = store.catalog(NAMESPACE);
            assertThat(Await.stage(register.compareAndSet(null, ONE.toBytes()))).isEqualTo(CasResult.UNKNOWN);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            assertThat(Await.failure(register::read)).isEqualTo(StoreException.Code.UNREACHABLE);
        }
    }

    @Test
    void movesWhileTheMemoryIsFull() {
        try (RedisServer server = RedisServer.start();
                Store store = open(server.port(), "2s")) {
            CatalogRegister register = store.catalog(NAMESPACE);
            Await.stage(register.compareAndSet(null, ONE.toBytes()));
            server.command("CONFIG", "SET", "maxmemory", "100kb");
            assertThatThrownBy(() -> server.command("SET", "a", "b")).hasMessageStartingWith("OOM");
            byte[] larger = new byte[100_000];
            assertThat(Await.stage(register.compareAndSet(ONE, larger))).isEqualTo(CasResult.APPLIED);
            assertThat(Await.stage(register.read())).contains(larger);
        }
    }

    @Test
    void replicaRefusesMovesWithAReason() {
        try (RedisServer server = RedisServer.start();
                Store store = open(server.port(), "2s")) {
            server.command("REPLICAOF", "127.0.0.1", "1");
            assertThat(Await.failure(() -> store.catalog(NAMESPACE).compareAndSet(null, ONE.toBytes())))
                    .isEqualTo(StoreException.Code.UNREACHABLE);
        }
    }

    @Test
    void watchSurvivesARestartOfTheServer() {
        AtomicInteger calls = new AtomicInteger();
        try (RedisServer server = RedisServer.start();
                Store store = open(server.port(), "1s")) {
            CatalogRegister register = store.catalog(NAMESPACE);
            Await.stage(register.compareAndSet(null, ONE.toBytes()));
            CatalogRegister.Watch watch = register.watch(calls::incrementAndGet);
            Await.until("the first look", () -> calls.get() > 0);
            int beforeRestart = calls.get();
            server.restart();
            Await.until("that the catalog is gone is seen", () -> calls.get() > beforeRestart);
            assertThat(readOnce(store)).isEmpty();
            int beforeMove = calls.get();
            Await.stage(register.compareAndSet(null, TWO.toBytes()));
            Await.until("the move is seen", () -> calls.get() > beforeMove);
            watch.close();
        }
    }

    @Test
    void watchSeesMovesNobodyAnnounced() {
        AtomicInteger calls = new AtomicInteger();
        try (RedisServer server = RedisServer.start();
                Store store = open(server.port(), "1s")) {
            CatalogRegister.Watch watch = store.catalog(NAMESPACE).watch(calls::incrementAndGet);
            Await.until("the first look", () -> calls.get() == 1);
            server.command("SET", KEY, "sixteen bytes 01, and more");
            Await.until("the move is seen", () -> calls.get() == 2);
            watch.close();
        }
    }

    /** What readers hold against such a catalog to see that it is a fork. */
    @Test
    void failoverThatLosesAMoveShowsTheOlderCatalog() {
        try (RedisReplication servers = RedisReplication.start(1);
                Store old = open(servers.primary().port(), "1s");
                Store promoted = openAfterPromotion(servers, old)) {
            CatalogRegister register = old.catalog(NAMESPACE);
            assertThat(Await.stage(register.compareAndSet(ONE, TWO.toBytes()))).isEqualTo(CasResult.APPLIED);
            servers.primary().kill();
            CatalogRegister survivor = promoted.catalog(NAMESPACE);
            assertThat(Await.stage(survivor.read())).contains(ONE.toBytes());
            assertThat(Await.stage(survivor.compareAndSet(TWO, new WriteId(3, 3).toBytes())))
                    .isEqualTo(CasResult.CONFLICT);
        }
    }

    private static Store openAfterPromotion(RedisReplication servers, Store old) {
        Await.stage(old.catalog(NAMESPACE).compareAndSet(null, ONE.toBytes()));
        assertThat(servers.primary().command("EVAL", "return redis.call('SET', 'a', 'b')", "0"))
                .isEqualTo("OK");
        Await.until(
                "the replica has the first move",
                () -> "1".equals(servers.replica(0).command("EXISTS", KEY)));
        servers.promote(0);
        return open(servers.replica(0).port(), "1s");
    }

    /** After an outage: the connection comes back by itself. */
    private static Optional<byte[]> readOnce(Store store) {
        Await.until(
                "the store answers",
                () -> store.catalog(NAMESPACE)
                        .read()
                        .handle((value, error) -> error == null)
                        .toCompletableFuture()
                        .join());
        return Await.stage(store.catalog(NAMESPACE).read());
    }

    private static Store open(int port, String timeout) {
        return Stores.open("redis://127.0.0.1:" + port + "?timeout=" + timeout, true);
    }
}
