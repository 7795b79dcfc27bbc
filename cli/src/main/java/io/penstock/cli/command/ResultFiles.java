package io.penstock.cli.command;

import io.penstock.benchmarks.goals.GoalsReport;
import io.penstock.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes down what was measured: figures and conditions as JSON, a table as Markdown, runs as pictures. */
record ResultFiles(Path directory, String name) {
    void write(GoalsReport report) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(name + ".json"), Json.pretty(Json.of(report)) + "\n");
        Files.writeString(directory.resolve(name + ".md"), report.toMarkdown());
    }
}
