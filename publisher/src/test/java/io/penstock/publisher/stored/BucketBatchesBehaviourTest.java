package io.penstock.publisher.stored;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketBatchesBehaviourTest {
    @Test
    void holdsAboutAMebibyte() {
        assertThat(BucketBatches.size(100L << 20, 1_000)).isEqualTo(10);
    }

    @Test
    void holdsAtLeastOneBucketHoweverLarge() {
        assertThat(BucketBatches.size(1L << 40, 3)).isEqualTo(1);
    }

    @Test
    void isBoundedHoweverSmallTheBuckets() {
        assertThat(BucketBatches.size(0, 0)).isEqualTo(64);
        assertThat(BucketBatches.size(10, 1_000)).isEqualTo(64);
    }
}
