package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.presence.PresenceReport;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.view.DatasetView;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PresenceReportTest {
    private static final String ITEMS = "items.v1";

    private final ViewFixture server = new ViewFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void saysWhatIsServedAndHeld() {
        server.publisher().publish(draft("a"));
        server.start();
        long first = server.served(ITEMS).generation();
        long second = server.publisher().publish(draft("b"));
        server.time.advance(Duration.ofSeconds(1));

        PresenceRecord record = server.presence().orElseThrow();
        assertThat(record.getStoreId()).isEqualTo(server.publisher().read().getStoreId());
        assertThat(record.getServer().getAddress()).isEqualTo("127.0.0.1:7070");
        assertThat(record.getProcess()).contains("@");
        assertThat(server.held(ITEMS).getServing()).isEqualTo(second);
        assertThat(server.held(ITEMS).getRevision()).isEqualTo(2);
        assertThat(server.held(ITEMS).getHeldList()).containsExactlyInAnyOrder(first, second);

        server.views().address("10.0.0.1:7070");
        server.time.run();
        assertThat(server.presence().orElseThrow().getServer().getAddress()).isEqualTo("10.0.0.1:7070");
    }

    @Test
    void keepsTheRecordAliveAndRemovesItAtTheEnd() {
        server.publisher().publish(draft("a"));
        server.start();
        server.time.advance(Duration.ofMinutes(10));
        assertThat(server.presence()).isPresent();
        server.views().close();
        server.time.run();
        assertThat(server.presence()).isEmpty();
    }

    @Test
    void comesBackByItselfAfterTheStoreLostIt() {
        server.publisher().publish(draft("a"));
        server.start();
        server.faults.always(Fault.UNREACHABLE, Operation.PRESENCE_PUT);
        server.time.advance(Duration.ofSeconds(30));
        assertThat(server.presence()).isEmpty();
        assertThat(server.servedNumber(ITEMS)).isEqualTo(1);
        server.faults.stop();
        server.time.advance(Duration.ofSeconds(5));
        assertThat(server.held(ITEMS).getServing())
                .isEqualTo(server.served(ITEMS).generation());
    }

    @Test
    void reportsLostBucketsUntilTheServedVersionNoLongerNamesThem() {
        server.publisher().publish(draft("a"));
        server.start();
        DatasetView served = server.served(ITEMS);
        int bucket = server.publisher().bucketOf(served.generation(), "k1");
        for (int i = 0; i < 3; i++) {
            server.views().reportLost(served.id(), served.generation(), bucket);
        }
        server.views().reportLost(served.id(), 77, bucket);
        server.views().reportLost(served.id(), served.generation(), 1_000_000);
        server.time.run();
        assertThat(server.held(ITEMS).getLostList())
                .containsExactly(LostBucket.newBuilder()
                        .setGeneration(served.generation())
                        .setBucket(bucket)
                        .build());

        server.publisher().publish(draft("b"));
        server.time.advance(Duration.ofSeconds(1));
        assertThat(server.held(ITEMS).getLostList()).isEmpty();
    }

    @Test
    void reportsAThousandLostBucketsAtMost() {
        server.publisher().publish(VersionDraft.of(ITEMS).bits(13).rows(5_000, "a"));
        server.start();
        DatasetView served = server.served(ITEMS);
        for (int bucket = 0; bucket < served.layout().buckets(); bucket++) {
            if (served.generationOf(bucket) != 0) {
                server.views().reportLost(served.id(), served.generation(), bucket);
            }
        }
        server.time.run();
        assertThat(server.held(ITEMS).getLostCount()).isEqualTo(PresenceReport.LOST_MAX);
    }

    private static VersionDraft draft(String text) {
        return VersionDraft.of(ITEMS).rows(20, text);
    }
}
