package io.penstock.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A shell as a reader of the documentation has it: {@code penstock} and {@code mvn} on the path, Penstock's jars in a
 * repository. It ends with its commands, and so does what they left running.
 */
final class Shell {
    private static final long MINUTES_MAX = 5;

    /** Some Maven installations print them even to a file. */
    private static final Pattern TERMINAL_STYLES = Pattern.compile("\\u001b\\[[0-9;]*m");

    /** Waits until the server with its pages at the port $1 is ready. */
    private static final String PREAMBLE = """
            set -eu
            trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
            mvn() { "$MAVEN" --settings "$SETTINGS" --no-transfer-progress --batch-mode "$@"; }
            ready() {
              for attempt in $(seq 600); do
                if (exec 3<>/dev/tcp/127.0.0.1/$1; printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3; grep -q ' 200 ' <&3) 2>/dev/null
                then return 0; fi
                sleep 0.1
              done
              return 1
            }
            """;

    private final Path directory;
    private final MavenRepository repository;

    Shell(Path directory, MavenRepository repository) {
        this.directory = directory;
        this.repository = repository;
    }

    /** Runs commands one after the other in one bash and returns what they printed; all of them have to succeed. */
    String run(List<String> commands) throws IOException, InterruptedException {
        Path script =
                Files.writeString(directory.resolveSibling("commands.sh"), PREAMBLE + String.join("\n", commands));
        Path output = directory.resolveSibling("output.txt");
        ProcessBuilder bash = new ProcessBuilder("bash", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        Map<String, String> environment = bash.environment();
        environment.keySet().removeIf(name -> name.startsWith("PENSTOCK_") || name.startsWith("MAVEN_"));
        environment.put("PATH", distribution().resolve("bin") + ":" + environment.get("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MAVEN", property("maven.home") + "/bin/mvn");
        environment.put("SETTINGS", repository.settings().toString());
        environment.put("LC_ALL", "C.UTF-8");
        Process process = bash.start();
        boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
        String printed = TERMINAL_STYLES.matcher(Files.readString(output)).replaceAll("");
        assertThat(ended)
                .as("ended within %s minutes; it said:%n%s", MINUTES_MAX, printed)
                .isTrue();
        assertThat(process.exitValue()).as("exit code; it said:%n%s", printed).isZero();
        return printed;
    }

    private static Path distribution() {
        Path tree = Path.of("../cli/target/penstock-" + property("project.version"))
                .toAbsolutePath()
                .normalize();
        assertThat(tree.resolve("bin/penstock")).as("mvn package makes it").isExecutable();
        return tree;
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }
}
