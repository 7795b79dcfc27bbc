package io.penstock.store.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Chunk;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ChunkTableTest {
    @Test
    void namesTheGenerationOfEveryBucket() {
        ChunkTable table = ChunkTable.of(chunk(List.of(11L, 22L), 0, 1, 2, 0), 4);
        assertThat(new long[] {
                    table.generationAt(0), table.generationAt(1), table.generationAt(2), table.generationAt(3)
                })
                .containsExactly(0, 11, 22, 0);
    }

    @Test
    void reads192Generations() {
        List<Long> generations = LongStream.rangeClosed(1, 192).boxed().toList();
        ChunkTable table = ChunkTable.of(chunk(generations, 192, 128), 2);
        assertThat(table.generationAt(0)).isEqualTo(192);
        assertThat(table.generationAt(1)).isEqualTo(128);
    }

    @Test
    void refusesWhatCannotBeAChunkOfTheLayout() {
        assertThatThrownBy(() -> ChunkTable.of(chunk(List.of(1L), 1), 2)).hasMessage("chunk buckets: 1 (expected: 2)");
        assertThatThrownBy(() -> ChunkTable.of(chunk(List.of(1L), 2, 0), 2))
                .hasMessage("chunk bucket 0: 2 (expected: <= 1)");
        assertThatThrownBy(() -> ChunkTable.of(chunk(List.of(1L, 1L), 0, 0), 2))
                .hasMessage("chunk generation 1: 0 or named twice");
        assertThatThrownBy(() -> ChunkTable.of(
                        chunk(LongStream.rangeClosed(1, 193).boxed().toList(), 0, 0), 2))
                .hasMessage("chunk generations: 193 (expected: <= 192)");
    }

    private static Chunk chunk(List<Long> generations, int... buckets) {
        byte[] bytes = new byte[buckets.length];
        for (int i = 0; i < buckets.length; i++) {
            bytes[i] = (byte) buckets[i];
        }
        return Chunk.newBuilder()
                .addAllGenerations(generations)
                .setBuckets(ByteString.copyFrom(bytes))
                .build();
    }
}
