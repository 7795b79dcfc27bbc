package io.penstock.store.lmdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.StoreUrl;
import io.penstock.store.presence.Presence;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LmdbPresenceBehaviourTest {
    private static final Duration TTL = Duration.ofSeconds(15);
    private static final PresenceRecord RECORD =
            PresenceRecord.newBuilder().setId("a").setCounter(1).build();

    @TempDir
    private Path directory;

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 1_000); // overflows soon
    private LmdbStore store;
    private Presence presence;

    @BeforeEach
    void open() {
        store = LmdbStore.open(LmdbConfig.of(StoreUrl.parse("lmdb:" + directory)), true, nanoTime::get);
        presence = store.presence("one");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void recordLivesForItsTimeSinceItWasFirstSeen() {
        Await.stage(presence.put(RECORD, TTL));
        pass(Duration.ofHours(1)); // nobody looked
        assertThat(Await.stage(presence.list())).containsExactly(RECORD);
        pass(TTL.minusNanos(1));
        assertThat(Await.stage(presence.list())).containsExactly(RECORD);
        pass(Duration.ofNanos(1));
        assertThat(Await.stage(presence.list())).isEmpty();
        assertThat(Await.stage(presence.list())).isEmpty();
    }

    @Test
    void newHandleOfTheSameProcessKnowsWhatWasSeen() {
        Await.stage(presence.put(RECORD, TTL));
        assertThat(Await.stage(presence.list())).hasSize(1);
        pass(TTL);
        assertThat(Await.stage(store.presence("one").list())).isEmpty();
    }

    @Test
    void renewalRevivesWhatWasTakenForDead() {
        Await.stage(presence.put(RECORD, TTL));
        assertThat(Await.stage(presence.list())).hasSize(1);
        pass(TTL);
        assertThat(Await.stage(presence.list())).isEmpty();
        Await.stage(presence.put(RECORD, TTL));
        assertThat(Await.stage(presence.list())).containsExactly(RECORD);
    }

    @Test
    void deadRecordIsSweptByTheNextPutOfAnother() {
        Await.stage(presence.put(RECORD, TTL));
        assertThat(Await.stage(presence.list())).hasSize(1);
        pass(TTL);
        assertThat(Await.stage(presence.list())).isEmpty();
        assertThat(isStored("a")).isTrue();
        Await.stage(presence.put(RECORD.toBuilder().setId("b").build(), TTL));
        assertThat(isStored("a")).isFalse();
        assertThat(isStored("b")).isTrue();
    }

    private boolean isStored(String id) {
        byte[] key = KeyNames.ascii(PresenceCodec.keyName("one", id));
        return Await.stage(store.read(snapshot -> snapshot.get(key) != null));
    }

    private void pass(Duration duration) {
        nanoTime.addAndGet(duration.toNanos());
    }
}
