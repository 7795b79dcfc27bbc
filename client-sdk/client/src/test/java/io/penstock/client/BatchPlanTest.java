package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.serving.v1.BatchGetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPlanTest {
    /** The largest numbers that protobuf has. */
    private static final List<Integer> FIELDS = List.of(536_870_909, 536_870_910, 536_870_911);

    @Test
    void leavesABatchThatFitsInOneRequest() {
        List<Batch.Part<?>> parts = parts(new Random(1), 1_000);
        List<List<BatchPlan.Slice>> requests = new BatchPlan(parts, BatchLimits.DEFAULT).requests();
        assertThat(requests).containsExactly(List.of(new BatchPlan.Slice(0, 0, 1_000)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void asksForEachKeyOnceInOrderWithinTheLimits(long seed) {
        Random random = new Random(seed);
        BatchLimits limits =
                new BatchLimits(5 + random.nextInt(1_000), BatchLimits.BYTES_MIN + random.nextInt(100_000));
        int[] sizes = IntStream.generate(() -> random.nextInt(4) == 0 ? 0 : random.nextInt(3_000))
                .limit(1 + random.nextInt(5))
                .toArray();
        List<Batch.Part<?>> parts = parts(random, sizes);
        List<List<BatchPlan.Slice>> requests = new BatchPlan(parts, limits).requests();

        assertThat(requests.get(0))
                .extracting(BatchPlan.Slice::part)
                .containsExactlyElementsOf(
                        IntStream.range(0, sizes.length).boxed().toList());
        int[] next = new int[sizes.length];
        for (List<BatchPlan.Slice> request : requests) {
            assertThat(keys(request)).isLessThanOrEqualTo(limits.keysMax());
            assertThat(bytes(parts, request)).isLessThanOrEqualTo(limits.bytesMax());
            for (BatchPlan.Slice slice : request) {
                assertThat(slice.from()).isEqualTo(next[slice.part()]);
                next[slice.part()] = slice.to();
                assertThat(request == requests.get(0) || slice.to() > slice.from())
                        .isTrue();
            }
        }
        assertThat(next).containsExactly(sizes);
    }

    @Test
    void refusesAKeyThatNoRequestHasRoomFor() {
        BatchLimits limits = new BatchLimits(10, BatchLimits.BYTES_MIN);
        List<Integer> fields = IntStream.rangeClosed(1, 700)
                .mapToObj(field -> 536_870_000 + field)
                .toList();
        List<Batch.Part<?>> parts = List.of(Batch.builder()
                .add(
                        DatasetBinding.bytes("d"),
                        List.of("a", "b".repeat(1_000)),
                        ReadOptions.none().withFields(fields)));

        assertThatThrownBy(() -> new BatchPlan(parts, limits))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch: a key of part 0 and the fields it selects do not fit into a request of 4096 bytes"
                        + " (expected: fewer fields, or a larger batchBytesMax)");
    }

    private static int keys(List<BatchPlan.Slice> request) {
        return request.stream().mapToInt(slice -> slice.to() - slice.from()).sum();
    }

    /** The size on the wire with the longest options there are. */
    private static int bytes(List<Batch.Part<?>> parts, List<BatchPlan.Slice> slices) {
        ReadOptions longest = ReadOptions.none()
                .withVersion(Long.MAX_VALUE)
                .withMinRevision(Long.MAX_VALUE)
                .withMaxAge(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999))
                .withFields(FIELDS);
        BatchGetRequest.Builder request = BatchGetRequest.newBuilder();
        for (BatchPlan.Slice slice : slices) {
            Batch.Part<?> part = parts.get(slice.part());
            request.addGroupsBuilder()
                    .setDataset(part.dataset())
                    .setOptions(longest.toProto())
                    .addAllKeys(part.keys().subList(slice.from(), slice.to()));
        }
        return request.build().getSerializedSize();
    }

    private static List<Batch.Part<?>> parts(Random random, int... sizes) {
        List<Batch.Part<?>> parts = new ArrayList<>();
        for (int size : sizes) {
            int keyLength = 1 + random.nextInt(size > 999 ? 60 : 340);
            List<String> keys = IntStream.range(0, size)
                    .mapToObj(i -> (i % 7 == 0 ? "東" : "a").repeat(keyLength))
                    .toList();
            parts.add(Batch.builder()
                    .add(
                            DatasetBinding.bytes("d".repeat(1 + random.nextInt(190))),
                            keys,
                            ReadOptions.none().withFields(FIELDS)));
        }
        return parts;
    }
}
