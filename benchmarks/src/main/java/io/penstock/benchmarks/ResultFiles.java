package io.penstock.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Results as files: one JSON object each, names in snake case. */
public final class ResultFiles {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private ResultFiles() {}

    /**
     * Writes a record and what is in it to {@code directory/name.json}; makes the directory.
     *
     * @throws BenchmarkException {@code INVALID_OPTIONS} if it cannot
     */
    public static Path writeJson(Path directory, String name, Object record) {
        Path file = directory.resolve(name + ".json");
        try {
            Files.createDirectories(directory);
            Files.writeString(file, MAPPER.writeValueAsString(record) + "\n");
            return file;
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "result file " + file + " cannot be written", e);
        }
    }
}
