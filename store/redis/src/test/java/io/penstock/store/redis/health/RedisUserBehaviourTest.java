package io.penstock.store.redis.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.CatalogRegister.Watch;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.redis.servers.RedisCluster;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The smallest user that docs/stores/redis.md gives. */
@Timeout(60)
class RedisUserBehaviourTest {
    @Test
    void smallestUserCanDoEverythingOnOneServer() throws Exception {
        try (RedisServer server = RedisServer.start(documentedUser());
                Store store = Stores.open("redis://publisher:secret@" + server.address(), true)) {
            doEverything(store);
        }
    }

    @Test
    void smallestUserCanDoEverythingOnACluster() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(documentedUser());
                Store store = Stores.open(
                        "redis-cluster://publisher:secret@" + cluster.node(0).address(), true)) {
            doEverything(store);
        }
    }

    private static void doEverything(Store store) {
        BlobAddress address = BlobAddress.manifest(new DatasetId("growth", "customers.v1"), 7);
        store.checkHealth();
        assertThat(store.headroom().usedBytes()).isPositive();
        AtomicInteger moves = new AtomicInteger();
        Watch watch = store.catalog("growth").watch(moves::incrementAndGet);
        try (BlobWriter writer = store.openWriter()) {
            Await.stage(writer.put(List.of(Blob.of(address, new byte[10]))));
            Await.stage(writer.barrier());
            assertThat(Await.stage(writer.get(List.of(address)))).doesNotContainNull();
            List<BlobAddress> found = new ArrayList<>();
            writer.scan("growth", found::add);
            assertThat(found).containsExactly(address);
            assertThat(Await.stage(writer.delete(List.of(address)))).isEqualTo(1);
            Await.until("the first look", () -> moves.get() == 1);
            assertThat(Await.stage(store.catalog("growth").compareAndSet(null, new WriteId(1, 1).toBytes())))
                    .isEqualTo(CasResult.APPLIED);
            Await.until("the move is seen", () -> moves.get() == 2);
        }
        watch.close();
        PresenceRecord record = PresenceRecord.newBuilder().setId("a").build();
        Await.stage(store.presence("growth").put(record, Duration.ofMinutes(1)));
        assertThat(Await.stage(store.presence("growth").list())).containsExactly(record);
        Await.stage(store.presence("growth").remove("a"));
    }

    private static String documentedUser() throws Exception {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path document = at.resolve("docs/stores/redis.md");
            if (Files.exists(document)) {
                return Files.readAllLines(document).stream()
                        .filter(line -> line.startsWith("user publisher "))
                        .findFirst()
                        .orElseThrow();
            }
        }
        throw new IllegalStateException("docs/stores/redis.md is not above the working directory");
    }
}
