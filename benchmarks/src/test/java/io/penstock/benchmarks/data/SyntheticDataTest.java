package io.penstock.benchmarks.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.RowCursor;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticDataTest {
    private static final SyntheticData DATA = SyntheticData.of(20_000, 200);

    @ParameterizedTest
    @ValueSource(ints = {16, 50, 129, 130, 131, 132, 133, 134, 200, 16_390})
    void everyValueHasTheSizeAskedFor(int bytes) {
        SyntheticData data = SyntheticData.of(1_000_000_000, bytes);

        for (long id : new long[] {0, 1, 127, 128, 16_384, 999_999_999}) {
            assertThat(data.value(id, 3)).hasSize(bytes);
        }
    }

    @Test
    void aValueIsAFunctionOfKeyAndVersion() {
        assertThat(DATA.value(17, 1)).isEqualTo(DATA.value(17, 1)).isNotEqualTo(DATA.value(18, 1));
        assertThat(DATA.withChangedShare(1).value(17, 2)).isNotEqualTo(DATA.value(17, 1));
    }

    @Test
    void theShareAskedForChangesFromVersionToVersion() {
        for (int version = 2; version <= 4; version++) {
            int changed = 0;
            for (long id = 0; id < DATA.rows(); id++) {
                changed += DATA.lastChange(id, version) == version ? 1 : 0;
            }
            assertThat(changed).isBetween(140, 260);
        }
    }

    @Test
    void isPublishedAndCounted() {
        SyntheticData data = SyntheticData.of(2_000, 200).withChangedShare(0.1);
        try (Store store = Stores.open("memory:synthetic-" + UUID.randomUUID(), true)) {
            Published first = SyntheticPublisher.publish(store, data, 1, PublisherOptions.DEFAULTS);
            Published second = SyntheticPublisher.publish(store, data, 2, PublisherOptions.DEFAULTS);

            assertThat(first.rows()).isEqualTo(2_000);
            assertThat(first.bytes()).isGreaterThan(2_000 * 200);
            assertThat(first.blobBytesWritten()).isGreaterThan(first.bytesWritten());
            assertThat(second.rowsUpdated()).isBetween(100L, 300L);
            assertThat(second.blobBytesWritten()).isLessThan(first.blobBytesWritten());
            assertThat(second.secondsToCommit()).isPositive().isLessThanOrEqualTo(second.seconds());
        }
    }

    @Test
    void theCursorGivesEveryRowOnce() {
        SyntheticData data = SyntheticData.of(3, 50);
        try (RowCursor rows = data.source(1).open(data.contract())) {
            for (int row = 1; row <= 3; row++) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.key()).asString().isEqualTo(Integer.toString(row - 1));
                assertThat(rows.rowNumber()).isEqualTo(row);
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void anUpsertOfWhatChangedMakesTheNextVersion() {
        SyntheticData data = SyntheticData.of(2_000, 50).withChangedShare(0.1);
        try (Store upserted = Stores.open("memory:synthetic-" + UUID.randomUUID(), true);
                Store snapshot = Stores.open("memory:synthetic-" + UUID.randomUUID(), true)) {
            SyntheticPublisher.publish(upserted, data, 1, PublisherOptions.DEFAULTS);
            SyntheticPublisher.publish(snapshot, data, 1, PublisherOptions.DEFAULTS);

            Published changes = SyntheticPublisher.upsert(upserted, data, 2, PublisherOptions.DEFAULTS);

            assertThat(changes.rowsUpdated())
                    .isPositive()
                    .isEqualTo(SyntheticPublisher.publish(snapshot, data, 2, PublisherOptions.DEFAULTS)
                            .rowsUpdated());
            assertThat(changes.rows()).isEqualTo(2_000);
        }
    }
}
