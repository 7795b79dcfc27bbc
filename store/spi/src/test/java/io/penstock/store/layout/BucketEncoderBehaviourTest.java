package io.penstock.store.layout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Row;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketEncoderBehaviourTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void writesWhatProtobufWrites(int seed) {
        Random random = new Random(seed);
        BucketEncoder encoder = new BucketEncoder();
        for (int i = 0; i < 20; i++) {
            Bucket.Builder bucket = Bucket.newBuilder();
            int rows = random.nextInt(6);
            for (int r = 0; r < rows; r++) {
                Row row = row(random);
                bucket.addRows(row);
                add(encoder, row, random.nextInt(3));
            }
            assertThat(encoder.rows()).isEqualTo(rows);
            byte[] expected = bucket.build().toByteArray();
            assertThat(encoder.rowBytes()).isEqualTo(expected.length);
            assertThat(encoder.finish()).isEqualTo(expected);
        }
    }

    private static Row row(Random random) {
        byte[] key = new byte[random.nextInt(200)];
        random.nextBytes(key);
        int[] sizes = {0, 1, 127, 128, 16_383, 16_384, 100_000};
        byte[] value = new byte[sizes[random.nextInt(sizes.length)]];
        random.nextBytes(value);
        Row.Builder row = Row.newBuilder().setKey(ByteString.copyFrom(key)).setValue(ByteString.copyFrom(value));
        if (random.nextInt(3) == 0) {
            row.setExpiresAt(random.nextInt(5) == 0 ? 0 : random.nextLong());
        }
        return row.build();
    }

    private static void add(BucketEncoder encoder, Row row, int way) {
        byte[] key = row.getKey().toByteArray();
        byte[] value = row.getValue().toByteArray();
        if (way == 0) {
            encoder.add(row);
        } else if (row.hasExpiresAt()) {
            encoder.add(key, value, row.getExpiresAt());
        } else if (way == 1) {
            encoder.add(key, value);
        } else {
            encoder.add(new CopiedRow(key, value));
        }
    }

    private static final class CopiedRow implements BucketEncoder.RowBytes {
        private final byte[] key;
        private final byte[] value;

        CopiedRow(byte[] key, byte[] value) {
            this.key = key;
            this.value = value;
        }

        @Override
        public int keyLength() {
            return key.length;
        }

        @Override
        public int valueLength() {
            return value.length;
        }

        @Override
        public void copyKey(byte[] target, int offset) {
            System.arraycopy(key, 0, target, offset, key.length);
        }

        @Override
        public void copyValue(byte[] target, int offset) {
            System.arraycopy(value, 0, target, offset, value.length);
        }
    }

    @Test
    void startsTheNextBucketWithNothing() {
        BucketEncoder encoder = new BucketEncoder();
        encoder.add(new byte[] {1}, new byte[1 << 20]);
        assertThat(encoder.finish()).hasSizeGreaterThan(1 << 20);

        assertThat(encoder.rows()).isZero();
        assertThat(encoder.rowBytes()).isZero();
        assertThat(encoder.finish()).isEmpty();
    }
}
