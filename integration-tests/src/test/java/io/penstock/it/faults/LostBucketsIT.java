package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.it.TestData;
import io.penstock.storage.v1.Bucket;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Buckets are deleted, evicted and damaged in Redis: an error for their rows, right answers for all others. */
class LostBucketsIT {
    private static final TestData DATA = new TestData("lost", 5_000, 100, 60);
    private static final int HIT = 40;

    private final Random random = new Random(20261120);

    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisServer redis;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PublishedData published;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Served served;

    /** Some of the version's buckets. */
    @SuppressWarnings("NullAway.Init") // set before every test
    private List<BlobAddress> hit;

    @BeforeEach
    void serve() {
        redis = RedisServer.start();
        published = PublishedData.on(redis.url(), DATA);
        published.publish(1);
        served = Served.start(redis.url());
        long generation = published.audit().dataset(DATA.dataset()).getCurrent();
        List<BlobAddress> buckets = new ArrayList<>(published.audit().buckets(published.id(), generation));
        Collections.shuffle(buckets, random);
        hit = buckets.subList(0, HIT);
    }

    @AfterEach
    void stop() {
        served.close();
        published.close();
        redis.close();
    }

    @Test
    void rowsOfDeletedBucketsAreDataLoss() throws Exception {
        Set<Integer> lost = rowsOf(hit);
        hit.forEach(bucket -> redis.command("DEL", bucket.keyName()));
        assertLost(lost, Statuses.BUCKET_LOST);
    }

    @Test
    void rowsOfEvictedBucketsAreDataLoss() throws Exception {
        Set<Integer> rows = rowsOf(hit);
        hit.forEach(bucket -> redis.command("EXPIRE", bucket.keyName(), "3600"));
        redis.command("CONFIG", "SET", "maxmemory-policy", "volatile-ttl");
        redis.command("CONFIG", "SET", "maxmemory", Long.toString(Long.parseLong(redis.info("used_memory")) / 2));
        Await.until("evicted", () -> Integer.parseInt(redis.info("evicted_keys")) >= HIT);
        redis.command("CONFIG", "SET", "maxmemory", "0");
        assertLost(rows, Statuses.BUCKET_LOST);
    }

    @Test
    void rowsOfBucketsWithOneByteFlippedAreDataLoss() throws Exception {
        Set<Integer> damaged = rowsOf(hit);
        for (int i = 0; i < HIT; i++) {
            String key = hit.get(i).keyName();
            int length = Integer.parseInt(String.valueOf(redis.command("STRLEN", key)));
            int position = switch (i) {
                case 0 -> 0;
                case 1 -> length - 1; // of the seal
                default -> random.nextInt(length);
            };
            String byteThere = redis.command("GETRANGE", key, "" + position, "" + position);
            assertThat(byteThere).hasSize(1);
            char flipped = (char) (byteThere.charAt(0) ^ 1 << random.nextInt(8));
            redis.command("SETRANGE", key, "" + position, String.valueOf(flipped));
        }
        assertLost(damaged, Statuses.BUCKET_CORRUPT);
    }

    private void assertLost(Set<Integer> rows, String how) {
        Map<Integer, String> ends = Survey.of(published, served.newChannel());
        ends.forEach((row, end) -> assertThat(end).as("row " + row).isEqualTo(rows.contains(row) ? how : Tally.FOUND));
        String reason = how.substring(how.indexOf('/') + 1);
        assertThat(served.metric("penstock_losses_total", "reason=\"" + reason + "\""))
                .isGreaterThanOrEqualTo(HIT);
    }

    private Set<Integer> rowsOf(Collection<BlobAddress> buckets) throws Exception {
        Set<Integer> rows = new TreeSet<>();
        try (BlobWriter blobs = published.store().openWriter()) {
            for (BlobAddress bucket : buckets) {
                byte[] sealed = Await.stage(blobs.get(List.of(bucket))).get(0);
                assertThat(sealed).isNotNull();
                Bucket.parseFrom(ByteString.copyFrom(sealed, 0, sealed.length - Seal.BYTES))
                        .getRowsList()
                        .forEach(row -> rows.add(DATA.row(row.getKey().toStringUtf8())));
            }
        }
        assertThat(rows).hasSizeGreaterThanOrEqualTo(HIT);
        return rows;
    }
}
