package io.penstock.store.redis.servers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Redis server that can be run here: what the system property {@value #PROPERTY} says (a path, or {@code embedded}),
 * else {@code redis-server} on the {@code PATH}, else the one inside the embedded-redis artifact.
 */
record RedisExecutable(Path path, String version) {
    static final String PROPERTY = "penstock.redis.server";
    private static final String EMBEDDED = "embedded";

    private static final Pattern VERSION = Pattern.compile("v=([0-9.]+)");
    private static final Map<String, RedisExecutable> FOUND = new ConcurrentHashMap<>();

    static RedisExecutable find() {
        return FOUND.computeIfAbsent(System.getProperty(PROPERTY, ""), RedisExecutable::find);
    }

    int majorVersion() {
        return Integer.parseInt(version.substring(0, version.indexOf('.')));
    }

    private static RedisExecutable find(String wish) {
        Path path;
        if (wish.equals(EMBEDDED)) {
            path = unpack();
        } else if (!wish.isEmpty()) {
            path = Path.of(wish);
        } else {
            path = onPath().orElseGet(RedisExecutable::unpack);
        }
        return new RedisExecutable(path, readVersion(path));
    }

    private static Optional<Path> onPath() {
        String directories = System.getenv().getOrDefault("PATH", "");
        for (String directory : directories.split(Pattern.quote(File.pathSeparator), -1)) {
            Path candidate = Path.of(directory, "redis-server");
            if (!directory.isEmpty() && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Unpacked once a machine and user; put in place in one step, so that several JVMs may do it at once. */
    private static Path unpack() {
        String name = embeddedName();
        Path directory = Path.of(
                System.getProperty("java.io.tmpdir"), "penstock-redis-" + System.getProperty("user.name", "anybody"));
        Path executable = directory.resolve(name);
        try (InputStream in = RedisExecutable.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException("embedded Redis: the artifact has no " + name
                        + "; install redis-server, or name one with -D" + PROPERTY);
            }
            byte[] bytes = in.readAllBytes();
            if (Files.isExecutable(executable) && Files.size(executable) == bytes.length) {
                return executable;
            }
            Files.createDirectories(directory);
            Path fresh = Files.createTempFile(directory, name, ".part");
            Files.write(fresh, bytes);
            if (!fresh.toFile().setExecutable(true, true)) {
                throw new IllegalStateException("embedded Redis: cannot make " + fresh + " executable");
            }
            return Files.move(fresh, executable, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("embedded Redis: cannot unpack " + name, e);
        }
    }

    private static String embeddedName() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        boolean isArm = processor.equals("aarch64") || processor.equals("arm64");
        if (os.contains("linux")) {
            return isArm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
        }
        if (os.contains("mac")) {
            return isArm ? "redis-server-6.2.6-v5-darwin-arm64" : "redis-server-6.2.6-v5-darwin-amd64";
        }
        throw new IllegalStateException("embedded Redis: none for " + os + "; name a server with -D" + PROPERTY);
    }

    private static String readVersion(Path path) {
        try {
            Process process = new ProcessBuilder(path.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = VERSION.matcher(output);
            if (!matcher.find()) {
                throw new IllegalStateException(path + " --version: '" + output + "' (expected: a Redis server)");
            }
            return matcher.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": cannot be run; name a server with -D" + PROPERTY, e);
        }
    }
}
