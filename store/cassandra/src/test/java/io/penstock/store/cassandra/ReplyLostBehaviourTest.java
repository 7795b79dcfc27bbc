package io.penstock.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.cassandra.NettyReading.Answer;
import io.penstock.store.cassandra.servers.CassandraServer;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading and moving over a network that cuts and swallows. */
class ReplyLostBehaviourTest {
    private static final String NAMESPACE = "lost";

    @SuppressWarnings("NullAway.Init") // set before every test
    private FaultProxy proxy;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    private final Random random = new Random(20261128);

    @BeforeEach
    void open() {
        assumeTrue(
                CassandraServer.unavailable().isEmpty(),
                () -> CassandraServer.unavailable().orElse(""));
        CassandraServer server = CassandraServer.shared();
        proxy = FaultProxy.to(server.host(), server.port());
        store = Stores.open(
                "cassandra://127.0.0.1:" + proxy.port() + "/bad_network?dc=datacenter1&replication=1&timeout=1s"
                        + "&write_timeout=5s",
                true);
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
            proxy.close();
        }
    }

    @Test
    void aMoveWhoseReplyIsLostIsUnknownAndFoundByReading() {
        CatalogRegister register = store.catalog(NAMESPACE);
        WriteId present = Await.stage(register.read())
                .map(value -> WriteId.of(ByteBuffer.wrap(value)))
                .orElse(null);
        WriteId fresh = WriteId.random(random);
        proxy.dropReplies();
        assertThat(Await.stage(register.compareAndSet(present, fresh.toBytes())))
                .isEqualTo(CasResult.UNKNOWN);
        proxy.heal();
        Await.until("the move is read", () -> {
            try {
                return Await.stage(register.read())
                        .map(value -> WriteId.of(ByteBuffer.wrap(value)).equals(fresh))
                        .orElse(false);
            } catch (StoreException e) {
                return false; // not connected again yet
            }
        });
    }

    @Test
    void readsOverASilentConnectionFailInTimeAndWorkAgainAfter() {
        List<Blob> blobs = Blobs.blobs(50, 1_000);
        Blobs.write(store, blobs);
        try (NettyReading reading = new NettyReading(store)) {
            assertThat(reading.read(Blobs.addresses(blobs), Consistency.STRONG)).allMatch(Answer::isFound);
            proxy.blackHole();
            List<Answer> silent = reading.read(Blobs.addresses(blobs), Consistency.STRONG);
            assertThat(silent).extracting(Answer::failure).containsOnly(Code.UNREACHABLE);
            assertThat(silent).allMatch(answer -> answer.nanos() < 1_700_000_000L);
            proxy.heal();
            Await.until(
                    "reads are answered",
                    () -> reading.read(Blobs.addresses(blobs), Consistency.STRONG).stream()
                            .allMatch(Answer::isFound));
        }
    }

    @Test
    void everyValueIsRightWhenRepliesComeByteByByte() {
        List<Blob> blobs = Blobs.blobs(10, 300);
        Blobs.write(store, blobs);
        try (NettyReading reading = new NettyReading(store)) {
            assertThat(reading.read(Blobs.addresses(blobs), Consistency.NEAREST))
                    .allMatch(Answer::isFound);
            proxy.slice(1);
            List<Answer> answers = reading.read(Blobs.addresses(blobs), Consistency.NEAREST);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).value()).isEqualTo(blobs.get(i).sealed());
            }
        }
    }
}
