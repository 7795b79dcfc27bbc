package io.penstock.benchmarks.process;

import io.penstock.benchmarks.BenchmarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The installed command this JVM was started by. Benchmarks start their servers through it, so that what is measured has
 * the flags and the class path that users get.
 *
 * @param launcher {@code bin/penstock}
 */
public record Distribution(Path launcher) {
    /** Set by the launcher. */
    private static final String HOME_PROPERTY = "penstock.home";

    /**
     * The distribution of this process.
     *
     * @throws BenchmarkException {@code INVALID_OPTIONS} if there is none
     */
    public static Distribution ofThisProcess() {
        return in(System.getProperty(HOME_PROPERTY));
    }

    static Distribution in(@Nullable String home) {
        Path launcher = home == null ? null : Path.of(home, "bin", "penstock");
        if (launcher == null || !Files.isExecutable(launcher)) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS,
                    "this benchmark starts servers through the installed command, and "
                            + (launcher == null ? HOME_PROPERTY + " is not set" : launcher + " is not there")
                            + "; run it with bin/penstock of the distribution, or ./penstock in the sources",
                    null);
        }
        return new Distribution(launcher);
    }

    /** Starts {@code penstock} with arguments, on the same Java runtime as this process. */
    ChildProcess start(String name, List<String> arguments, Map<String, String> environment, Path directory) {
        return start(List.of(), name, arguments, environment, directory);
    }

    /**
     * The same, but on processors nobody else wants, where the system has {@code chrt}; beside one with the lowest priority of
     * {@code nice} others waited longer.
     */
    ChildProcess startIdle(String name, List<String> arguments, Map<String, String> environment, Path directory) {
        List<String> idle = Programs.find("chrt")
                .map(program -> List.of(program.toString(), "--idle", "0"))
                .orElse(List.of());
        return start(idle, name, arguments, environment, directory);
    }

    private ChildProcess start(
            List<String> before, String name, List<String> arguments, Map<String, String> environment, Path directory) {
        List<String> command = new ArrayList<>(before);
        command.add(launcher.toString());
        command.addAll(arguments);
        Map<String, String> variables = new LinkedHashMap<>(environment);
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        return ChildProcess.start(name, command, variables, directory);
    }
}
