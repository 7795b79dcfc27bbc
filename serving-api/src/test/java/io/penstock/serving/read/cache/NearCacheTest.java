package io.penstock.serving.read.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.DatasetId;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.BucketScanner;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class NearCacheTest {
    private static final DatasetId ITEMS = new DatasetId("growth", "items.v1");
    private static final DatasetId OTHERS = new DatasetId("growth", "others.v1");
    private static final BucketLayout LAYOUT = new BucketLayout(8, 7);

    private final RowKey probe = RowKey.probe();

    @Test
    void findsEachRowUnderItsKeyThoughTheirPlacesCollide() {
        NearCache cache = new NearCache(1 << 20);

        for (int i = 0; i < 2_000; i++) {
            cache.put(key(ITEMS, i), row(1, "row " + i));
        }

        for (int round = 0; round < 2; round++) { // the second time out of the index
            for (int i = 0; i < 2_000; i++) {
                assertThat(value(cache, key(ITEMS, i), 1)).isEqualTo("row " + i);
            }
        }
    }

    @Test
    void tellsDatasetsAndGenerationsApart() {
        NearCache cache = new NearCache(1 << 20);
        cache.put(key(ITEMS, 1), row(1, "one"));

        assertThat(cache.peek(key(ITEMS, 1), 2)).isNull();
        assertThat(cache.peek(key(OTHERS, 1), 1)).isNull();
        assertThat(cache.peek(key(ITEMS, 2), 1)).isNull();

        cache.put(key(ITEMS, 1), row(2, "two"));
        assertThat(cache.peek(key(ITEMS, 1), 1)).isNull();
        assertThat(cache.peek(key(ITEMS, 1), 2)).isNotNull();
    }

    @Test
    void findsARowThatWasFetchedAheadAndTheOneBeforeIt() {
        NearCache cache = new NearCache(1 << 20);
        cache.put(key(ITEMS, 1), row(1, "one"));

        cache.putAhead(key(ITEMS, 1).copy(), row(2, "two"));

        assertThat(value(cache, key(ITEMS, 1), 1)).isEqualTo("one");
        assertThat(value(cache, key(ITEMS, 1), 2)).isEqualTo("two");
    }

    @Test
    void forgetsEverything() {
        NearCache cache = new NearCache(1 << 20);
        cache.put(key(ITEMS, 1), row(1, "one"));

        cache.clear();

        assertThat(cache.peek(key(ITEMS, 1), 1)).isNull();
        assertThat(cache.find(key(ITEMS, 1), 1)).isNull();
        assertThat(cache.rows()).isZero();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void holdsNoRowThatWasEvicted() {
        NearCache cache = new NearCache(100 * (NearCache.ROW_BYTES + 20));

        for (int i = 0; i < 5_000; i++) {
            cache.put(key(ITEMS, i), row(1, "row " + i));
        }

        int found = 0;
        for (int i = 0; i < 5_000; i++) {
            found += cache.peek(key(ITEMS, i), 1) == null ? 0 : 1;
        }
        assertThat(found).isPositive().isEqualTo((int) cache.rows());
    }

    @Test
    void keepsNothingWithoutRoom() {
        NearCache cache = new NearCache(0);

        cache.put(key(ITEMS, 1), row(1, "one"));

        assertThat(cache.peek(key(ITEMS, 1), 1)).isNull();
        assertThat(cache.find(key(ITEMS, 1), 1)).isNull();
    }

    @Test
    void namesTheRowALookupWillLookAt() {
        NearCache cache = new NearCache(1 << 20);
        cache.put(key(ITEMS, 1), row(1, "one"));

        byte[] bytes = bytes(1);
        CachedRow likely = Objects.requireNonNull(cache.likely(ITEMS, LAYOUT.hash(bytes)));

        assertThat(likely).isSameAs(cache.peek(key(ITEMS, 1), 1));
        assertThat(likely.touch()).isEqualTo('o' + '1');
    }

    private static String value(NearCache cache, RowKey key, long generation) {
        CachedRow row = cache.peek(key, generation);
        return row == null || !row.hasValue()
                ? "nothing"
                : new String(row.bytes(), 0, row.valueLength(), StandardCharsets.US_ASCII);
    }

    private RowKey key(DatasetId dataset, int number) {
        byte[] bytes = bytes(number);
        return probe.point(dataset, bytes, 0, bytes.length, LAYOUT.hash(bytes));
    }

    private static byte[] bytes(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    private static CachedRow row(long generation, String value) {
        return CachedRow.found(generation, value.getBytes(StandardCharsets.US_ASCII), BucketScanner.NEVER);
    }
}
