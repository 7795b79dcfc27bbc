package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.redis.NettyReading.Answer;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading over a network that delays, slices, cuts and swallows. */
class BadNetworkBehaviourTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisServer server;

    @SuppressWarnings("NullAway.Init") // set before every test
    private FaultProxy proxy;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private NettyReading reading;

    private final List<Blob> blobs = Blobs.blobs(100, 1_000);

    @BeforeEach
    void start() {
        server = RedisServer.start();
        proxy = FaultProxy.to("127.0.0.1", server.port());
        store = Stores.open("redis://127.0.0.1:" + proxy.port() + "?timeout=500ms", true);
        Blobs.write(store, blobs);
        reading = new NettyReading(store);
        assertThat(readAll()).allMatch(Answer::isFound);
    }

    @AfterEach
    void end() {
        reading.close();
        store.close();
        proxy.close();
        server.close();
    }

    @Test
    void everyValueIsRightWhenRepliesComeByteByByte() {
        proxy.slice(1);
        List<Answer> answers = reading.read(Blobs.addresses(blobs.subList(0, 10)), Consistency.NEAREST);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).value()).isEqualTo(blobs.get(i).sealed());
        }
    }

    @Test
    void resetInMidReplyFailsOnlyWhatHadNotCome() {
        proxy.resetAfter(30_000);
        List<Answer> answers = readAll();
        int found = 0;
        for (int i = 0; i < answers.size(); i++) {
            if (answers.get(i).isFound()) {
                found++;
                assertThat(answers.get(i).value()).isEqualTo(blobs.get(i).sealed());
            } else {
                assertThat(answers.get(i).failure()).isEqualTo(Code.UNREACHABLE);
            }
        }
        assertThat(found).isLessThan(100);
        proxy.heal();
        Await.until("reads are answered", () -> readAll().stream().allMatch(Answer::isFound));
    }

    @Test
    void blackHoleIsFoundWithinTheTimeout() {
        proxy.blackHole();
        Answer lost = reading.read(Blobs.address(0));
        assertThat(lost.failure()).isEqualTo(Code.UNREACHABLE);
        assertThat(Duration.ofNanos(lost.nanos())).isLessThan(Duration.ofMillis(1_500));
        proxy.heal();
        Await.until("reads are answered", () -> reading.read(Blobs.address(0)).isFound());
    }

    @Test
    void blackHoleIsFoundWhileNobodyReads() {
        proxy.blackHole();
        Await.until("reads are refused at once", () -> {
            CompletableFuture<Answer> answer =
                    reading.ask(List.of(Blobs.address(0)), Consistency.STRONG).get(0);
            return answer.isDone() && Await.stage(answer).failure() == Code.UNREACHABLE;
        });
    }

    @Test
    void lostRepliesReachNobodyElse() {
        proxy.dropReplies();
        assertThat(reading.read(Blobs.address(7)).failure()).isEqualTo(Code.UNREACHABLE);
        proxy.heal();
        Await.until("reads are answered", () -> reading.read(Blobs.address(8)).isFound());
        assertThat(reading.read(Blobs.address(9)).value())
                .isEqualTo(blobs.get(9).sealed());
    }

    @Test
    void slowNetworkIsNotTakenForADeadOne() {
        proxy.throttle(60_000); // a reply of 100 kB takes longer than the time-out
        assertThat(readAll()).allMatch(Answer::isFound);
    }

    @Test
    void cutConnectionIsMadeAgainWithinTwoSecondsOfItsReturn() {
        proxy.cut();
        Await.until("the loss is noticed", () -> reading.read(Blobs.address(0)).failure() == Code.UNREACHABLE);
        proxy.heal();
        long healed = System.nanoTime();
        Await.until("reads are answered", () -> reading.read(Blobs.address(0)).isFound());
        assertThat(System.nanoTime() - healed).isLessThan(2_000_000_000L);
    }

    private List<Answer> readAll() {
        return reading.read(Blobs.addresses(blobs), Consistency.NEAREST);
    }
}
