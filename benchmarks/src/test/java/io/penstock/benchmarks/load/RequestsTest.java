package io.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.GetRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {
    @TempDir
    Path directory;

    @Test
    void writesGetsOneOverTheOther() throws Exception {
        Requests requests = requests(KeySpace.range(8, 12), 0, 0);

        for (int i = 0; i < 100; i++) {
            GetRequest request = GetRequest.parseFrom(next(requests));
            assertThat(request.getDataset()).isEqualTo("echo.v1");
            assertThat(Long.parseLong(request.getKey())).isBetween(8L, 12L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 100, 1000})
    void writesBatchesOfAnySize(int batch) throws Exception {
        Requests requests = requests(KeySpace.range(1, 10_000), batch, 0);

        for (int i = 0; i < 10; i++) {
            ByteString written = next(requests);
            BatchGetRequest request = BatchGetRequest.parseFrom(written);
            assertThat(request.toByteString()).isEqualTo(written);
            assertThat(request.getGroups(0).getDataset()).isEqualTo("echo.v1");
            assertThat(request.getGroups(0).getKeysList())
                    .hasSize(batch)
                    .allMatch(key -> Long.parseLong(key) >= 1 && Long.parseLong(key) <= 10_000);
        }
    }

    @Test
    void asksForNumbersBehindTheRangeWhenKeysShallBeAbsent() throws Exception {
        Requests requests = requests(KeySpace.range(1, 10), 0, 1);

        assertThat(Long.parseLong(GetRequest.parseFrom(next(requests)).getKey()))
                .isBetween(11L, 20L);
    }

    @Test
    void writesLongKeysOfAFileAndMarksAbsentOnes() throws IOException {
        String key = "ü".repeat(300);
        KeySpace keys = KeySpace.file(Files.writeString(directory.resolve("keys.txt"), key + "\n"));

        assertThat(GetRequest.parseFrom(next(requests(keys, 0, 0))).getKey()).isEqualTo(key);
        assertThat(GetRequest.parseFrom(next(requests(keys, 0, 1))).getKey()).isEqualTo(key + "~");
    }

    private static Requests requests(KeySpace keys, int batch, double absentShare) {
        return Requests.of(
                new Calls.Lookups("echo.v1", batch, new Calls.Keys(keys, KeyDistribution.UNIFORM, absentShare, 1)),
                new SplittableRandom(1));
    }

    private static ByteString next(Requests requests) {
        int length = requests.next();
        return ByteString.copyFrom(requests.bytes(), 0, length);
    }
}
