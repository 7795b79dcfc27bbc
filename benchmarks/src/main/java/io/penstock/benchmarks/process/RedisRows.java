package io.penstock.benchmarks.process;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.data.SyntheticPublisher;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** The same rows in Redis without Penstock: one key a row. */
public final class RedisRows {
    private static final int ROWS_UNDER_WAY = 1_000;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private RedisRows() {}

    /** How somebody would name a row who keeps one key a row: {@code items:17}. */
    public static String key(SyntheticData data, long id) {
        return data.product() + ":" + id;
    }

    /**
     * How somebody would name it whose rows share a Redis with other teams' and with the next major version's, as Penstock's
     * do: {@code penstock:default:row:items.v1:17}.
     */
    public static String fullKey(SyntheticData data, long id) {
        return "penstock:" + SyntheticPublisher.NAMESPACE + ":row:" + data.dataset() + ":" + id;
    }

    /** Writes every row of the first version. */
    public static void write(RedisUnderTest redis, SyntheticData data, LongFunction<String> key) {
        var commands = redis.connection().async();
        List<RedisFuture<String>> sent = new ArrayList<>();
        for (long id = 0; id < data.rows(); id++) {
            sent.add(commands.set(key.apply(id).getBytes(StandardCharsets.UTF_8), data.value(id, 1)));
            if (sent.size() == ROWS_UNDER_WAY || id == data.rows() - 1) {
                LettuceFutures.awaitAll(ANSWER_MAX, sent.toArray(RedisFuture[]::new));
                sent.clear();
            }
        }
    }

    /** Writes the SETs of every row of the first version to a file, as {@code redis-cli --pipe} reads them. */
    public static void writeCommands(Path file, SyntheticData data) throws IOException {
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            for (long id = 0; id < data.rows(); id++) {
                byte[] key = key(data, id).getBytes(StandardCharsets.UTF_8);
                byte[] value = data.value(id, 1);
                output.write(("*3\r\n$3\r\nSET\r\n$" + key.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                output.write(key);
                output.write(("\r\n$" + value.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                output.write(value);
                output.write('\r');
                output.write('\n');
            }
        }
    }
}
