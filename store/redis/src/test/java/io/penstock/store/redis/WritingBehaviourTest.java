package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writing to one server: how much at once, and what a full, dead or frozen one does. */
class WritingBehaviourTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisServer server;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        store = Stores.open(server.url() + "?timeout=1s", true);
    }

    @AfterEach
    void end() {
        store.close();
        server.close();
    }

    @Test
    void smallBlobsShareCommandsAndLargeOnesDoNot() {
        Blobs.write(store, Blobs.blobs(1, 1)); // whatever the barrier does first
        server.command("CONFIG", "RESETSTAT");
        Blobs.write(store, Blobs.blobs(100, 1_000));
        Blobs.write(store, Blobs.blobs(2, 1 << 20));
        assertThat(server.command("INFO", "commandstats"))
                .contains("cmdstat_mset:calls=7,")
                .contains("cmdstat_set:calls=2,");
    }

    @Test
    void fullServerSaysSoAndReadsAndDeletesGoOn() {
        List<Blob> first = Blobs.blobs(10, 1_000);
        try (BlobWriter writer = store.openWriter()) {
            Await.stage(writer.put(first));
            server.command("CONFIG", "SET", "maxmemory", "1mb");
            assertThatThrownBy(() -> Await.stage(writer.put(Blobs.blobs(10, 1_000))))
                    .hasMessage("Redis server 127.0.0.1:" + server.port() + ": out of memory (maxmemory reached); run"
                            + " 'penstock gc', raise maxmemory, or add servers")
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.FULL));
            assertThat(Await.stage(writer.get(Blobs.addresses(first)))).doesNotContainNull();
            assertThat(Await.stage(writer.delete(Blobs.addresses(first)))).isEqualTo(10);
            server.command("CONFIG", "SET", "maxmemory", "0");
            Await.stage(writer.put(first));
        }
    }

    @Test
    void frozenServerMakesPutsWaitAndEveryPutEnds() throws Exception {
        BlobWriter writer = store.openWriter();
        Await.stage(writer.put(Blobs.blobs(1, 10)));
        server.stop();
        List<Blob> megabyte = Blobs.blobs(16, 64 << 10);
        AtomicInteger accepted = new AtomicInteger();
        List<CompletionStage<Void>> stages = new ArrayList<>();
        CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 20; i++) {
                stages.add(writer.put(megabyte));
                accepted.incrementAndGet();
            }
        });
        Await.until("the window is full", () -> accepted.get() >= 7);
        assertThat(accepted.get()).isLessThanOrEqualTo(9);
        Await.stage(publisher); // because the connection is given up, not because it was ever answered
        server.resume();
        for (CompletionStage<Void> stage : stages) {
            Await.until("it ends", () -> stage.toCompletableFuture().isDone());
        }
        assertThat(Await.failure(() -> stages.get(0))).isEqualTo(Code.UNREACHABLE);
        writer.close();
    }

    @Test
    void killedServerFailsPutsAndALaterPutFindsItAgain() {
        try (BlobWriter writer = store.openWriter()) {
            Await.stage(writer.put(Blobs.blobs(1, 10)));
            server.kill();
            Await.until("the loss is noticed", () -> {
                try {
                    Await.stage(writer.put(Blobs.blobs(1, 10)));
                    return false;
                } catch (StoreException e) {
                    return e.code() == Code.UNREACHABLE;
                }
            });
            server.restart();
            Await.until("puts are confirmed", () -> {
                try {
                    Await.stage(writer.put(Blobs.blobs(1, 10)));
                    return true;
                } catch (StoreException e) {
                    return false;
                }
            });
            assertThat(Await.stage(writer.get(List.of(Blobs.address(0))))).doesNotContainNull();
        }
    }

    @Test
    void scanLeavesForeignKeysOut() {
        Blobs.write(store, Blobs.blobs(50, 10));
        server.command("SET", "penstock:tests:bucket:x.v1:nonsense:1", "x");
        server.command("SET", "somebody:else", "x");
        List<BlobAddress> found = new ArrayList<>();
        try (BlobWriter writer = store.openWriter()) {
            writer.scan(Blobs.DATASET.namespace(), found::add);
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(Blobs.addresses(Blobs.blobs(50, 10)));
    }
}
