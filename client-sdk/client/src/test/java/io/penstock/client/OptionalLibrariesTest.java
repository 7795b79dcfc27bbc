package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client without the libraries that it can do without, and without any transport. */
@Timeout(60)
class OptionalLibrariesTest {
    @Test
    void readsWithoutMicrometerAndOpenTelemetry() throws Exception {
        ClassLoader without = without("micrometer", "opentelemetry");
        try (TestServers servers = TestServers.start(1)) {
            assertThatThrownBy(() -> without.loadClass("io.micrometer.core.instrument.MeterRegistry"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThatThrownBy(() -> without.loadClass("io.opentelemetry.context.Context"))
                    .isInstanceOf(ClassNotFoundException.class);
            assertThat(read(without, servers.target())).isEqualTo("FOUND in version 1 (revision 1)");
            // Frameworks look at every method of what they are given.
            for (Class<?> type : List.of(PenstockClient.class, PenstockClientBuilder.class, CallReport.class)) {
                assertThat(without.loadClass(type.getName()).getMethods()).isNotEmpty();
            }
        }
    }

    @Test
    void saysWhichLibraryIsMissingWhenThereIsNoTransport() throws Exception {
        ClassLoader without = without("grpc-netty-shaded");
        assertThatThrownBy(() -> read(without, "localhost:7070"))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("target: localhost:7070: no gRPC transport for it on the class path"
                        + " (expected: grpc-netty-shaded, or another in its place): ");
    }

    /** The class path without jars of these names. Not closed: gRPC's threads end a second after their last use. */
    private static ClassLoader without(String... names) throws Exception {
        List<String> entries = Arrays.stream(
                        System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(names)
                        .noneMatch(Path.of(entry).getFileName().toString()::contains))
                .toList();
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = Path.of(entries.get(i)).toUri().toURL();
        }
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static String read(ClassLoader loader, String target) throws Exception {
        Method method = loader.loadClass(Read.class.getName()).getMethod("read", String.class);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return String.valueOf(method.invoke(null, target));
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Run by its name, in another class loader. */
    public static final class Read {
        private Read() {}

        public static String read(String target) {
            try (PenstockClient client = PenstockClient.builder(target)
                    .deadline(Duration.ofSeconds(20))
                    .build()) {
                return client.get(TestServers.DATASET, "a").toString();
            }
        }
    }
}
