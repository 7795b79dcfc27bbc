package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.redis.NettyReading.Answer;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading from one server on the caller's own Netty loop, also when the server dies or freezes. */
class ReadingBehaviourTest {
    private static final int TIMEOUT_MILLIS = 500;

    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisServer server;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private NettyReading reading;

    @BeforeEach
    void start() {
        server = RedisServer.start();
        store = Stores.open(server.url() + "?timeout=" + TIMEOUT_MILLIS + "ms&pending_reads=1000", true);
        reading = new NettyReading(store);
    }

    @AfterEach
    void end() {
        reading.close();
        store.close();
        server.close();
    }

    @Test
    void readsOfOneTurnLeaveInOneCommand() {
        List<Blob> blobs = Blobs.blobs(100, 300);
        Blobs.write(store, blobs);
        server.command("CONFIG", "RESETSTAT");
        List<Answer> answers = reading.read(Blobs.addresses(blobs), Consistency.NEAREST);
        for (int i = 0; i < blobs.size(); i++) {
            assertThat(answers.get(i).value()).isEqualTo(blobs.get(i).sealed());
        }
        assertThat(server.command("INFO", "commandstats"))
                .contains("cmdstat_mget:calls=1,")
                .doesNotContain("cmdstat_get:");
    }

    @Test
    void aLargeTurnLeavesInSeveralCommands() {
        List<Blob> blobs = Blobs.blobs(600, 30);
        Blobs.write(store, blobs);
        server.command("CONFIG", "RESETSTAT");
        List<Answer> answers = reading.read(Blobs.addresses(blobs), Consistency.STRONG);
        assertThat(answers).allMatch(Answer::isFound);
        assertThat(server.command("INFO", "commandstats")).contains("cmdstat_mget:calls=3,");
    }

    @Test
    void foundAndMissingAreToldApartInOneTurn() {
        Blobs.write(store, List.of(Blobs.blob(1, 10), Blobs.blob(3, 10)));
        List<Answer> answers =
                reading.read(IntStream.range(0, 5).mapToObj(Blobs::address).toList(), Consistency.NEAREST);
        assertThat(answers).extracting(Answer::isFound).containsExactly(false, true, false, true, false);
        assertThat(answers).extracting(Answer::isMissing).containsExactly(true, false, true, false, true);
    }

    @Test
    void killedServerFailsReadsAtOnceAndFullServiceIsBackInTwoSeconds() {
        Blobs.write(store, Blobs.blobs(1, 10));
        assertThat(reading.read(Blobs.address(0)).isFound()).isTrue();
        server.kill();
        Await.until("the loss is noticed", () -> reading.read(Blobs.address(0)).failure() == Code.UNREACHABLE);
        Answer refused = reading.read(Blobs.address(0));
        assertThat(refused.failure()).isEqualTo(Code.UNREACHABLE);
        assertThat(refused.nanos()).isLessThan(50_000_000L);
        server.restart();
        long back = System.nanoTime();
        Await.until("reads are answered", () -> reading.read(Blobs.address(0)).failure() == null);
        Await.until("writes are taken", this::isWriting); // over a connection of their own
        assertThat(reading.read(Blobs.address(0)).isFound()).isTrue();
        assertThat(System.nanoTime() - back).isLessThan(2_000_000_000L);
    }

    private boolean isWriting() {
        try {
            Blobs.write(store, Blobs.blobs(1, 10));
            return true;
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(Code.UNREACHABLE);
            return false;
        }
    }

    @Test
    void readInFlightWhenTheServerDiesFailsAndIsNotSentAgain() {
        Blobs.write(store, Blobs.blobs(1, 10));
        assertThat(reading.read(Blobs.address(0)).isFound()).isTrue();
        server.stop();
        CompletableFuture<Answer> inFlight =
                reading.ask(List.of(Blobs.address(0)), Consistency.STRONG).get(0);
        server.kill();
        assertThat(Await.stage(inFlight).failure()).isEqualTo(Code.UNREACHABLE);
        server.restart();
        Await.until("reads are answered", () -> reading.read(Blobs.address(1)).failure() == null);
        assertThat(server.command("INFO", "commandstats")).doesNotContain("cmdstat_mget:");
    }

    @Test
    void frozenServerFailsReadsAfterTheTimeoutAndLateRepliesReachNobody() {
        List<Blob> blobs = Blobs.blobs(20, 100);
        Blobs.write(store, blobs);
        assertThat(reading.read(Blobs.address(0)).isFound()).isTrue();
        server.stop();
        List<BlobAddress> first = Blobs.addresses(blobs.subList(0, 10));
        List<CompletableFuture<Answer>> asked = reading.ask(first, Consistency.STRONG);
        for (CompletableFuture<Answer> answer : asked) {
            assertThat(Await.stage(answer).failure()).isEqualTo(Code.UNREACHABLE);
            assertThat(Await.stage(answer).nanos()).isBetween(300_000_000L, 1_500_000_000L);
        }
        server.resume();
        Await.until("reads are answered", () -> reading.read(Blobs.address(0)).failure() == null);
        List<Answer> answers = reading.read(Blobs.addresses(blobs.subList(10, 20)), Consistency.STRONG);
        for (int i = 0; i < 10; i++) {
            assertThat(answers.get(i).value()).isEqualTo(blobs.get(10 + i).sealed());
        }
    }

    @Test
    void unansweredReadsAreBounded() {
        Blobs.write(store, Blobs.blobs(1, 10));
        assertThat(reading.read(Blobs.address(0)).isFound()).isTrue();
        server.stop();
        List<CompletableFuture<Answer>> answers =
                reading.ask(IntStream.range(0, 1_500).mapToObj(Blobs::address).toList(), Consistency.NEAREST);
        assertThat(answers.subList(1_000, 1_500))
                .allSatisfy(answer -> assertThat(answer.getNow(null).failure()).isEqualTo(Code.OVERLOADED));
        assertThat(answers.subList(0, 1_000))
                .allSatisfy(answer -> assertThat(Await.stage(answer).failure()).isEqualTo(Code.UNREACHABLE));
        server.resume();
        Await.until("reads are answered", () -> reading.read(Blobs.address(0)).isFound());
    }

    @Test
    void loadingServerIsUnreachableNotEmpty() {
        server.command("CONFIG", "SET", "save", "");
        Blobs.write(store, Blobs.blobs(1, 10));
        server.command("DEBUG", "SLEEP", "0");
        server.command("ACL", "SETUSER", "default", "-@all", "+hello", "+ping");
        assertThat(reading.read(Blobs.address(0)).failure()).isEqualTo(Code.UNREACHABLE);
    }

    @Test
    void wrongKindOfValueIsNotServed() {
        server.command("RPUSH", Blobs.address(0).keyName(), "x");
        assertThat(reading.read(Blobs.address(0)).isFound()).isFalse();
    }

    @Test
    void closingFailsWhatIsUnanswered() {
        server.stop();
        CompletableFuture<Answer> answer =
                reading.ask(List.of(Blobs.address(0)), Consistency.STRONG).get(0);
        reading.closeReader();
        assertThat(Await.stage(answer).failure()).isEqualTo(Code.CLOSED);
        assertThat(reading.read(Blobs.address(0)).failure()).isEqualTo(Code.CLOSED);
        server.resume();
    }

    @Test
    void closingTheStoreFailsItsReaders() {
        store.close();
        Await.until("reader closed", () -> reading.read(Blobs.address(0)).failure() == Code.CLOSED);
    }
}
