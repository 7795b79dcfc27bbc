package io.penstock.store.redis;

import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.testkit.StoreConformanceTest;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/** On a newer Redis than the machine has, where Docker answers; elsewhere {@link StandaloneStoreTest} is what there is. */
@EnabledIf("dockerAnswers")
class ContainerStoreTest extends StoreConformanceTest {
    private static final String IMAGE = "redis:8-alpine";
    private static final int PORT = 6379;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static GenericContainer<?> container;

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @BeforeAll
    static void start() {
        container = new GenericContainer<>(IMAGE).withExposedPorts(PORT);
        container.start();
    }

    @AfterAll
    static void end() {
        container.close();
    }

    @Override
    public Store open() {
        return Stores.open(url(), true);
    }

    @Override
    public String url() {
        return "redis://" + container.getHost() + ":" + container.getMappedPort(PORT);
    }

    @Override
    protected void destroy() {
        command("FLUSHALL");
    }

    @Override
    public void damagePresence(String namespace, String id) {
        command("SETRANGE", PresenceCodec.keyName(namespace, id), "5", "?");
    }

    private static void command(String... command) {
        String[] line = new String[command.length + 1];
        line[0] = "redis-cli";
        System.arraycopy(command, 0, line, 1, command.length);
        try {
            ExecResult result = container.execInContainer(line);
            if (result.getExitCode() != 0) {
                throw new IllegalStateException(command[0] + " failed: " + result.getStderr());
            }
        } catch (IOException e) {
            throw new IllegalStateException(command[0] + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(command[0] + " interrupted", e);
        }
    }
}
