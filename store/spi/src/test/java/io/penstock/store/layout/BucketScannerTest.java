package io.penstock.store.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.layout.BucketScanner.Result;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketScannerTest {
    private final BucketScanner scanner = new BucketScanner();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void findsEveryRowOfABucketAndNothingElse(boolean direct) {
        SplittableRandom random = new SplittableRandom(7);
        for (int rows = 0; rows < 20; rows++) {
            BucketEncoder encoder = new BucketEncoder();
            byte[][] keys = new byte[rows][];
            byte[][] values = new byte[rows][];
            for (int i = 0; i < rows; i++) {
                keys[i] = bytes("key-" + i + "x".repeat(random.nextInt(300)));
                values[i] = new byte[random.nextInt(3_000)];
                random.nextBytes(values[i]);
                if (i % 3 == 0) {
                    encoder.add(keys[i], values[i], 1_000L + i);
                } else {
                    encoder.add(keys[i], values[i]);
                }
            }
            ByteBuffer bucket = buffer(encoder.finish(), direct, 5);
            int end = bucket.capacity();
            for (int i = 0; i < rows; i++) {
                assertThat(scanner.find(bucket, 5, end, keys[i], 0, keys[i].length))
                        .isEqualTo(Result.FOUND);
                byte[] value = new byte[scanner.valueLength()];
                bucket.get(scanner.valueOffset(), value);
                assertThat(value).isEqualTo(values[i]);
                assertThat(scanner.expiresAtMillis()).isEqualTo(i % 3 == 0 ? 1_000L + i : BucketScanner.NEVER);
            }
            byte[] other = bytes("key-none");
            assertThat(scanner.find(bucket, 5, end, other, 0, other.length)).isEqualTo(Result.ABSENT);
        }
    }

    @Test
    void findsAKeyThatStandsInsideALargerArray() {
        BucketEncoder encoder = new BucketEncoder();
        encoder.add(bytes("b"), bytes("value"));
        ByteBuffer bucket = ByteBuffer.wrap(encoder.finish());
        assertThat(scanner.find(bucket, 0, bucket.capacity(), bytes("abc"), 1, 1))
                .isEqualTo(Result.FOUND);
    }

    @Test
    void anEmptyValueIsFoundWithLengthZero() {
        BucketEncoder encoder = new BucketEncoder();
        encoder.add(bytes("k"), new byte[0]);
        ByteBuffer bucket = ByteBuffer.wrap(encoder.finish());
        assertThat(scanner.find(bucket, 0, bucket.capacity(), bytes("k"), 0, 1)).isEqualTo(Result.FOUND);
        assertThat(scanner.valueLength()).isZero();
    }

    @Test
    void survivesEveryTruncationAndAnyBytes() {
        BucketEncoder encoder = new BucketEncoder();
        encoder.add(bytes("key"), bytes("a value of some length"), 17);
        byte[] body = encoder.finish();
        for (int length = 1; length < body.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(body, length));
            assertThat(scanner.find(cut, 0, length, bytes("key"), 0, 3)).isEqualTo(Result.MALFORMED);
        }
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            if (noise.length > 2 && random.nextBoolean()) {
                noise[0] = 10; // looks like a row
                noise[1] = (byte) (noise.length - 2);
            }
            Result result = scanner.find(ByteBuffer.wrap(noise), 0, noise.length, bytes("k"), 0, 1);
            if (result == Result.FOUND) {
                assertThat(scanner.valueOffset() + scanner.valueLength()).isLessThanOrEqualTo(noise.length);
            }
        }
    }

    private static ByteBuffer buffer(byte[] body, boolean direct, int offset) {
        ByteBuffer buffer =
                direct ? ByteBuffer.allocateDirect(body.length + offset) : ByteBuffer.allocate(body.length + offset);
        buffer.put(offset, body);
        return buffer;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
