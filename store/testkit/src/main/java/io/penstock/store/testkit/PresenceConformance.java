package io.penstock.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.ServerPresence;
import io.penstock.store.Store;
import io.penstock.store.presence.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of who is alive. */
interface PresenceConformance extends StoreUnderTest {
    Duration LONG = Duration.ofMinutes(10);
    Duration SHORT = Duration.ofSeconds(1);

    @Test
    default void presenceListsWhatWasPut() {
        Presence presence = store().presence(NAMESPACE);
        assertThat(Await.stage(presence.list())).isEmpty();
        Await.stage(presence.put(record("a", 1), LONG));
        Await.stage(presence.put(record("b", 1), LONG));
        assertThat(Await.stage(presence.list())).containsExactlyInAnyOrder(record("a", 1), record("b", 1));
    }

    @Test
    default void presenceIsReplacedByItsRenewal() {
        Presence presence = store().presence(NAMESPACE);
        Await.stage(presence.put(record("a", 1), LONG));
        Await.stage(presence.put(record("a", 2), LONG));
        assertThat(Await.stage(presence.list())).containsExactly(record("a", 2));
    }

    @Test
    default void presenceIsSeenByOthers() {
        try (Store other = open()) {
            Await.stage(store().presence(NAMESPACE).put(record("a", 1), LONG));
            assertThat(Await.stage(other.presence(NAMESPACE).list())).containsExactly(record("a", 1));
        }
    }

    @Test
    default void presenceGoesWhenItIsRemoved() {
        Presence presence = store().presence(NAMESPACE);
        Await.stage(presence.put(record("a", 1), LONG));
        Await.stage(presence.put(record("b", 1), LONG));
        Await.stage(presence.remove("a"));
        Await.stage(presence.remove("nobody"));
        assertThat(Await.stage(presence.list())).containsExactly(record("b", 1));
    }

    @Test
    default void presenceExpiresUnlessItIsRenewed() {
        Presence presence = store().presence(NAMESPACE);
        Await.stage(presence.put(record("dead", 1), SHORT));
        Await.stage(presence.put(record("patient", 1), LONG));
        int[] counter = {0};
        Await.until(
                "the dead record is gone",
                () -> {
                    List<PresenceRecord> live = putAndList(presence, record("alive", ++counter[0]));
                    assertThat(live).contains(record("patient", 1));
                    return !live.contains(record("dead", 1));
                },
                () -> passTime(SHORT.dividedBy(10)));
        putAndList(presence, record("dead", 2));
    }

    @Test
    default void putRenewsEvenWhenTheRecordIsTheSame() {
        Presence presence = store().presence(NAMESPACE);
        for (int i = 0; i < 15; i++) {
            passTime(SHORT.dividedBy(10));
            putAndList(presence, record("a", 1));
        }
    }

    /** Puts for a short time, and lists: the record is there, unless the disk or the processors let that time pass. */
    private static List<PresenceRecord> putAndList(Presence presence, PresenceRecord record) {
        long before = System.nanoTime();
        Await.stage(presence.put(record, SHORT));
        List<PresenceRecord> live = Await.stage(presence.list());
        if (System.nanoTime() - before < SHORT.toNanos()) {
            assertThat(live).contains(record);
        }
        return live;
    }

    @Test
    default void damagedPresenceIsLeftOut() {
        Presence presence = store().presence(NAMESPACE);
        Await.stage(presence.put(record("a", 1), LONG));
        Await.stage(presence.put(record("b", 1), LONG));
        damagePresence(NAMESPACE, "a");
        assertThat(Await.stage(presence.list())).containsExactly(record("b", 1));
        Await.stage(presence.put(record("a", 2), LONG));
        assertThat(Await.stage(presence.list())).containsExactlyInAnyOrder(record("a", 2), record("b", 1));
    }

    @Test
    default void namespacesHavePresenceOfTheirOwn() {
        Await.stage(store().presence("one").put(record("a", 1), LONG));
        Await.stage(store().presence("one.two").put(record("b", 1), LONG));
        assertThat(Await.stage(store().presence("one").list())).containsExactly(record("a", 1));
        assertThat(Await.stage(store().presence("two").list())).isEmpty();
    }

    @Test
    default void manyRecordsAreListed() {
        Presence presence = store().presence(NAMESPACE);
        List<PresenceRecord> records = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            records.add(record("server-" + i, i));
        }
        records.stream().map(record -> presence.put(record, LONG)).toList().forEach(Await::stage);
        assertThat(Await.stage(presence.list())).containsExactlyInAnyOrderElementsOf(records);
    }

    private static PresenceRecord record(String id, long counter) {
        HeldDataset held = HeldDataset.newBuilder()
                .setDataset(DATASET.name())
                .setServing(counter)
                .addHeld(counter)
                .build();
        return PresenceRecord.newBuilder()
                .setId(id)
                .setCounter(counter)
                .setServer(ServerPresence.newBuilder().setAddress("127.0.0.1:1").addDatasets(held))
                .build();
    }
}
