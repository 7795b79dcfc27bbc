package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.penstock.publisher.Publication;
import io.penstock.publisher.Publisher;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads a server with gRPC clients that others wrote: Node's, from the {@code .proto} file, and {@code buf curl}, which
 * knows nothing but what reflection tells it. Without Node the test is skipped; with {@code CI=true} that is a failure.
 */
class ForeignClientsIT {
    private static final TestData DATA = new TestData("foreign", 500, 100, 8);
    private static final Path PROTO_ROOT =
            Path.of("../proto/src/main/protobuf").toAbsolutePath().normalize();
    private static final Path SOURCE = Path.of("src/test/node").toAbsolutePath();
    private static final Path INSTALLED = Path.of("target/node").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static ServingServer server;

    @BeforeAll
    static void serve() throws Exception {
        installClients();
        String url = "lmdb:" + directory.resolve("store");
        store = Stores.open(url, true);
        try (Publisher publisher = Publisher.builder(store).build()) {
            publisher.publish(Publication.builder("others", DATA.contract(), DATA.source(7))
                    .build());
        }
        server = ServingServer.start(
                ServingConfig.defaults()
                        .withStore(url)
                        .withNamespaces(List.of("others"))
                        .withListen("127.0.0.1:0")
                        .withHttp("127.0.0.1:0"),
                store);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
    }

    @AfterAll
    @SuppressWarnings("UnnecessaryNullCheck") // null when the clients could not be installed
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (store != null) {
            store.close();
        }
    }

    @Test
    void nodesClientListsDatasetsAndReadsTypedRows() throws Exception {
        String key = DATA.key(42);
        String answer =
                run(INSTALLED, "node", "read.js", address(), PROTO_ROOT.toString(), DATA.dataset(), key, "no-such-key");
        String row = "{\"id\":\"" + key + "\",\"state\":7,\"noise\":";
        assertThat(answer)
                .contains("\"datasets\":[\"others/foreign.v1 STATE_SERVING version 1\"]")
                .contains("\"single\":{\"outcome\":\"OUTCOME_FOUND\",\"version\":\"1\",\"row\":" + row)
                .contains("\"batch\":[{\"outcome\":\"OUTCOME_FOUND\",\"row\":" + row)
                .contains("{\"outcome\":\"OUTCOME_ABSENT\",\"row\":null}")
                .contains("\"error\":{\"code\":5,");
    }

    @Test
    void nodeEncodesKeysAsTheGoldenVectorsSay() throws Exception {
        Path vectors =
                Path.of("../contract/src/test/resources/key-vectors.json").toAbsolutePath();
        assertThat(run(INSTALLED, "node", "check-keys.js", vectors.toString()))
                .matches("[3-9][0-9] keys encoded, 3 refused\n");
    }

    @Test
    void nodeLooksARowUpAsThePageForItsCallersSays() throws Exception {
        String page = Files.readString(Path.of("../docs/other-languages.md"));
        for (String file : List.of("keys.js", "lookup.js")) {
            assertThat(page).contains(Files.readString(SOURCE.resolve(file)).strip());
        }
        String value = Base64.getEncoder().encodeToString(DATA.value(42, 7));
        assertThat(lookUp(DATA.key(42))).isEqualTo(value + "\n");
        assertThat(lookUp("no-such-key")).isEqualTo("no such row\n");
    }

    private static String lookUp(String key) throws Exception {
        return run(INSTALLED, "node", "lookup.js", address(), PROTO_ROOT.toString(), DATA.dataset(), key);
    }

    @Test
    void bufCurlReadsByReflection() throws Exception {
        assertThat(curl("ListDatasets", "{}")).contains("\"name\":\"foreign.v1\"", "\"state\":\"STATE_SERVING\"");
        String value = Base64.getEncoder().encodeToString(DATA.value(42, 7));
        assertThat(curl("Get", "{\"dataset\":\"foreign.v1\",\"key\":\"" + DATA.key(42) + "\"}"))
                .contains("\"outcome\":\"OUTCOME_FOUND\"", "\"value\":\"" + value + "\"", "\"version\":\"1\"");
        assertThat(curl(
                        "BatchGet",
                        "{\"groups\":[{\"dataset\":\"foreign.v1\",\"keys\":[\"" + DATA.key(42) + "\",\"none\"]}]}"))
                .contains("OUTCOME_FOUND", "OUTCOME_ABSENT");
    }

    private static String curl(String method, String request) throws Exception {
        return run(
                        INSTALLED,
                        INSTALLED.resolve("node_modules/.bin/buf").toString(),
                        "curl",
                        "--protocol",
                        "grpc",
                        "--http2-prior-knowledge",
                        "-d",
                        request,
                        "http://" + address() + "/penstock.serving.v1.ServingService/" + method)
                .replaceAll("\\s", "");
    }

    private static String address() {
        return "127.0.0.1:" + server.port();
    }

    private static void installClients() throws Exception {
        Files.createDirectories(INSTALLED);
        for (String file :
                List.of("package.json", "package-lock.json", "read.js", "keys.js", "check-keys.js", "lookup.js")) {
            Files.copy(SOURCE.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        try {
            run(INSTALLED, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        } catch (IOException | AssertionError e) {
            if ("true".equals(System.getenv("CI"))) {
                throw e;
            }
            abort("foreign clients: SKIPPED, npm could not install them: " + e.getMessage());
        }
    }

    /** Runs a command and returns its standard output. */
    private static String run(Path directory, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        Path errors = Files.createTempFile(directory, "stderr", ".txt");
        Process process = new ProcessBuilder(words)
                .directory(directory.toFile())
                .redirectError(errors.toFile())
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(words + ": " + Files.readString(errors))
                .isZero();
        Files.delete(errors);
        return output;
    }
}
