package io.penstock.contract.evolution;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The real buf, run as a child process. Without Node the tests that need it are skipped, or fail with CI=true. */
final class Buf {
    private static final String WIRE_JSON = "{\"version\":\"v2\",\"breaking\":{\"use\":[\"WIRE_JSON\"]}}";
    private static final int TIMEOUT_SECONDS = 120;

    private Buf() {}

    /** What one finding says: rule, file and line. */
    record Verdict(String rule, String file, int line) implements Comparable<Verdict> {
        @Override
        public int compareTo(Verdict other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return file + ":" + line + ": " + rule;
        }
    }

    /** What {@code buf breaking} has against the later of two descriptor sets. */
    static Set<Verdict> breaking(Path before, Path after) throws IOException, InterruptedException {
        Set<Verdict> verdicts = new TreeSet<>();
        List<JsonObject> lines = run(
                "breaking",
                after.toAbsolutePath().toString(),
                "--against",
                before.toAbsolutePath().toString(),
                "--config",
                WIRE_JSON,
                "--error-format",
                "json");
        for (JsonObject line : lines) {
            verdicts.add(new Verdict(
                    line.get("type").getAsString(),
                    line.get("path").getAsString(),
                    line.has("start_line") ? line.get("start_line").getAsInt() : 0));
        }
        return verdicts;
    }

    /** The names of the rules in the category. */
    static Set<String> rules() throws IOException, InterruptedException {
        Set<String> rules = new TreeSet<>();
        for (JsonObject rule :
                run("config", "ls-breaking-rules", "--configured-only", "--config", WIRE_JSON, "--format", "json")) {
            rules.add(rule.get("id").getAsString());
        }
        return rules;
    }

    private static List<JsonObject> run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "../proto/buf.sh"));
        command.addAll(List.of(arguments));
        Path directory = Path.of("target");
        Path out = Files.createTempFile(directory, "buf", ".out");
        Path err = Files.createTempFile(directory, "buf", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("buf did not end within " + TIMEOUT_SECONDS + " s");
            }
            String errors = Files.readString(err, StandardCharsets.UTF_8);
            Assumptions.assumeFalse(errors.contains("buf: SKIPPED"), errors);
            List<JsonObject> objects = new ArrayList<>();
            for (String line : Files.readAllLines(out, StandardCharsets.UTF_8)) {
                objects.add(JsonParser.parseString(line).getAsJsonObject());
            }
            // 100: it ran, and found something.
            boolean ran = process.exitValue() == 0 || (process.exitValue() == 100 && !objects.isEmpty());
            if (!ran) {
                throw new IllegalStateException("buf ended with " + process.exitValue() + ": " + errors);
            }
            return objects;
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
