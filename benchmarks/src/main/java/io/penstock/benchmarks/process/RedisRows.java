package io.penstock.benchmarks.process;

import io.penstock.benchmarks.data.SyntheticData;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/** The same rows in Redis without Penstock: one key a row. */
public final class RedisRows {
    private static final int ROWS_A_COMMAND = 1_000;

    private RedisRows() {}

    /** How somebody would name a row who keeps one key a row: {@code items:17}. */
    public static String key(SyntheticData data, long id) {
        return data.product() + ":" + id;
    }

    /** Writes every row of the first version. */
    public static void write(RedisUnderTest redis, SyntheticData data, LongFunction<String> key) {
        Map<byte[], byte[]> rows = new LinkedHashMap<>();
        for (long id = 0; id < data.rows(); id++) {
            rows.put(key.apply(id).getBytes(StandardCharsets.UTF_8), data.value(id, 1));
            if (rows.size() == ROWS_A_COMMAND || id == data.rows() - 1) {
                redis.connection().sync().mset(rows);
                rows.clear();
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
