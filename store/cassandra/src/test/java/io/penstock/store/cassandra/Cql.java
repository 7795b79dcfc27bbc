package io.penstock.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.internal.core.metrics.NoopMetricsFactory;
import io.penstock.store.cassandra.servers.CassandraServer;
import java.net.InetSocketAddress;
import java.time.Duration;

/** What tests do behind the store's back. */
final class Cql {
    private Cql() {}

    static CqlSession connect(CassandraServer server) {
        return connect(server.host(), server.port());
    }

    static CqlSession connect(String host, int port) {
        return CqlSession.builder()
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(60))
                        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(30))
                        .withClass(DefaultDriverOption.METRICS_FACTORY_CLASS, NoopMetricsFactory.class)
                        .withInt(DefaultDriverOption.SESSION_LEAK_THRESHOLD, 0)
                        .build())
                .addContactPoint(new InetSocketAddress(host, port))
                .withLocalDatacenter("datacenter1")
                .build();
    }
}
