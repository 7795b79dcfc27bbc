package io.penstock.testkit;

import static io.penstock.testkit.Rows.customer;
import static io.penstock.testkit.Rows.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.customer.v1.Customer;

/** How long the kit takes in a JVM that has done nothing before, and what it brings along. */
class StartTest {
    /** What is promised, asked for on a calm machine; else far above what it takes: the machines of a build are shared. */
    private static final Duration START_MAX = Duration.ofSeconds(Boolean.getBoolean("penstock.strict") ? 1 : 20);

    private static final long PROCESS_SECONDS_MAX = 60;

    @Test
    void startsFastInAFreshJvmWithoutAWarehouse(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FreshStart.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PROCESS_SECONDS_MAX, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(output);
        assertThat(ended).as(() -> String.join("\n", lines)).isTrue();
        assertThatThrownBy(() -> Class.forName("org.duckdb.DuckDBDriver")).isInstanceOf(ClassNotFoundException.class);
        List<String> said =
                lines.stream().filter(line -> line.startsWith("kit: ")).toList();
        said.forEach(System.out::println);
        assertThat(said).as(() -> String.join("\n", lines)).hasSize(1);
        assertThat(Duration.ofMillis(Long.parseLong(said.get(0).replaceAll(".*started in (\\d+) ms.*", "$1"))))
                .isLessThan(START_MAX);
    }

    /** A program that starts a kit and measures. */
    static final class FreshStart {
        private FreshStart() {}

        public static void main(String[] arguments) {
            long startNanos = System.nanoTime();
            try (PenstockKit kit =
                    PenstockKit.builder().contract(Customer.getDescriptor()).start()) {
                long started = System.nanoTime();
                kit.publish(customer(1, "Ada"));
                long published = System.nanoTime();
                name(kit.client(), 1);
                long read = System.nanoTime();
                kit.reset();
                long reset = System.nanoTime();
                kit.publish(customer(1, "Ada"));
                long again = System.nanoTime();
                System.out.printf(
                        "kit: started in %d ms, published in %d ms, first read in %d ms, reset in %d ms, published again in"
                                + " %d ms%n",
                        millis(startNanos, started),
                        millis(started, published),
                        millis(published, read),
                        millis(read, reset),
                        millis(reset, again));
            }
        }

        private static long millis(long fromNanos, long toNanos) {
            return TimeUnit.NANOSECONDS.toMillis(toNanos - fromNanos);
        }
    }
}
