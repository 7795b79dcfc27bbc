package io.penstock.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a benchmark ran: without it a number means nothing. */
public final class Conditions {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Conditions() {}

    /** Machine and JVM, in the order to print them; callers add their options. */
    public static Map<String, String> ofThisProcess() {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put(
                "machine",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch") + ", " + processor());
        conditions.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        conditions.put(
                "jdk",
                System.getProperty("java.vm.name") + " " + Runtime.version() + ", heap "
                        + Runtime.getRuntime().maxMemory() / (1024 * 1024) + " MiB");
        conditions.put("jvm flags", flags());
        conditions.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.put("commit", commit());
        return conditions;
    }

    /** Without those every JVM of ours gets. */
    private static String flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-X") || flag.startsWith("-Dio."))
                .filter(flag -> !flag.equals("-XX:+IgnoreUnrecognizedVMOptions"))
                .collect(Collectors.joining(" "));
    }

    /** Of the repository the process was started in, if it was in one. */
    private static String commit() {
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            Path git = directory.resolve(".git");
            if (Files.exists(git)) {
                return headOf(git);
            }
        }
        return "unknown";
    }

    private static String headOf(Path git) {
        try {
            Path own = Files.isDirectory(git)
                    ? git
                    : Path.of(Files.readString(git).strip().substring("gitdir: ".length()));
            String head = Files.readString(own.resolve("HEAD")).strip();
            if (!head.startsWith("ref: ")) {
                return head;
            }
            Path shared = Files.exists(own.resolve("commondir"))
                    ? own.resolve(Files.readString(own.resolve("commondir")).strip())
                    : own;
            Path ref = shared.resolve(head.substring("ref: ".length()));
            return Files.exists(ref) ? Files.readString(ref).strip() : "unknown";
        } catch (IOException | IndexOutOfBoundsException e) {
            return "unknown";
        }
    }

    private static String processor() {
        if (!Files.isReadable(CPU_INFO)) {
            return "processor unknown";
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("processor unknown");
        } catch (IOException e) {
            return "processor unknown";
        }
    }
}
