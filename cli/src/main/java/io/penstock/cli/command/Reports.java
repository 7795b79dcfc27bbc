package io.penstock.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.cli.output.Json;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file of {@code --report}, an object a line. Opened before anything is published, so that a bad path costs nothing. */
final class Reports implements AutoCloseable {
    private final @Nullable Writer writer;

    private Reports(@Nullable Writer writer) {
        this.writer = writer;
    }

    /** @param file null = no report is wanted */
    static Reports open(@Nullable Path file) throws IOException {
        return new Reports(file == null ? null : Files.newBufferedWriter(file));
    }

    void add(JsonNode report) throws IOException {
        if (writer != null) {
            writer.write(Json.line(report) + "\n");
            writer.flush();
        }
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            writer.close();
        }
    }
}
