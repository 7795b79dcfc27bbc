package io.penstock.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.testkit.StoreConformanceTest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** On the image that users deploy, where Docker answers; elsewhere {@link CassandraStoreTest} is what there is. */
@EnabledIf("dockerAnswers")
class ContainerStoreTest extends StoreConformanceTest {
    private static final String IMAGE = "cassandra:5.0";
    private static final int PORT = 9042;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static GenericContainer<?> container;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static CqlSession cql;

    static boolean dockerAnswers() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    @BeforeAll
    static void start() {
        container = new GenericContainer<>(IMAGE)
                .withExposedPorts(PORT)
                .withEnv("MAX_HEAP_SIZE", "512M")
                .withEnv("HEAP_NEWSIZE", "128M")
                .waitingFor(Wait.forLogMessage(".*Starting listening for CQL clients.*", 1)
                        .withStartupTimeout(Duration.ofMinutes(3)));
        container.start();
        cql = Cql.connect(container.getHost(), container.getMappedPort(PORT));
    }

    @AfterAll
    static void end() {
        cql.close();
        container.close();
    }

    @Override
    public Store open() {
        return Stores.open(url(), true);
    }

    @Override
    public String url() {
        return "cassandra://" + container.getHost() + ":" + container.getMappedPort(PORT)
                + "/conformance?dc=datacenter1&replication=1&timeout=10s&write_timeout=30s";
    }

    @Override
    protected void destroy() {
        for (String table : List.of("blobs", "catalog", "presence")) {
            cql.execute("TRUNCATE conformance." + table);
        }
    }

    @Override
    public void damagePresence(String namespace, String id) {
        cql.execute(
                "UPDATE conformance.presence SET value = 0x0102030405 WHERE namespace = ? AND id = ?", namespace, id);
    }
}
