package io.penstock.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
        return conditions;
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
