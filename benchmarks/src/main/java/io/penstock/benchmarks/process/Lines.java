package io.penstock.benchmarks.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.penstock.benchmarks.BenchmarkException;

/** What programs started with {@code --json} say. */
final class Lines {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Lines() {}

    static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw unexpected(e);
        }
    }

    /** A record as {@code --json} prints it. */
    static <T> T as(Class<T> type, JsonNode node) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw unexpected(e);
        }
    }

    private static BenchmarkException unexpected(JsonProcessingException cause) {
        return new BenchmarkException(
                BenchmarkException.Code.CHILD_FAILED, "a program printed something else than expected", cause);
    }
}
