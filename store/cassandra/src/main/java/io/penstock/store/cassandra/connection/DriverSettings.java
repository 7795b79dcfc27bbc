package io.penstock.store.cassandra.connection;

import com.datastax.dse.driver.api.core.config.DseDriverOption;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.loadbalancing.DefaultLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.metrics.NoopMetricsFactory;
import java.time.Duration;
import java.util.List;

/** What the driver is told that differs from its defaults, and why. */
final class DriverSettings {
    /** Requests on one connection; more than a reader or writer has on its way. */
    private static final int REQUESTS_PER_CONNECTION = 2_048;

    private static final Duration RECONNECT_FIRST = Duration.ofMillis(100);
    private static final Duration RECONNECT_LAST = Duration.ofSeconds(1);

    /** A node may pause for as long to collect garbage. */
    private static final Duration HEARTBEAT_TIMEOUT_MIN = Duration.ofMillis(500);

    private DriverSettings() {}

    static DriverConfigLoader of(CassandraConfig config) {
        Duration timeout = config.timeout();
        ProgrammaticDriverConfigLoaderBuilder settings = DriverConfigLoader.programmaticBuilder(
                        DriverSettings.class.getClassLoader())
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, config.writeTimeout())
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, timeout)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, timeout)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, config.writeTimeout())
                .withDuration(DefaultDriverOption.METADATA_SCHEMA_REQUEST_TIMEOUT, config.writeTimeout())
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_AGREEMENT_TIMEOUT, config.writeTimeout())
                .withDuration(DefaultDriverOption.HEARTBEAT_INTERVAL, heartbeatInterval(timeout))
                .withDuration(DefaultDriverOption.HEARTBEAT_TIMEOUT, heartbeatTimeout(timeout))
                .withBoolean(DefaultDriverOption.SOCKET_KEEP_ALIVE, true)
                // Who is refused is told; a node that is down is looked for every second.
                .withBoolean(DefaultDriverOption.CONNECTION_WARN_INIT_ERROR, false)
                // Full service soon after a node is back.
                .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, RECONNECT_FIRST)
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, RECONNECT_LAST)
                .withInt(DefaultDriverOption.CONNECTION_MAX_REQUESTS, REQUESTS_PER_CONNECTION)
                // A session an event loop is what we want, not a leak.
                .withInt(DefaultDriverOption.SESSION_LEAK_THRESHOLD, 0)
                // Routing by token needs to know the keyspace's replication, and nothing else.
                .withStringList(DefaultDriverOption.METADATA_SCHEMA_REFRESHED_KEYSPACES, List.of(config.keyspace()))
                .withBoolean(DefaultDriverOption.TIMESTAMP_GENERATOR_FORCE_JAVA_CLOCK, true)
                .withClass(DefaultDriverOption.METRICS_FACTORY_CLASS, NoopMetricsFactory.class)
                .withBoolean(DseDriverOption.MONITOR_REPORTING_ENABLED, false)
                .withDuration(DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO);
        if (config.dataCentre() == null) {
            settings.withClass(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, DcInferringLoadBalancingPolicy.class);
        } else {
            settings.withClass(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, DefaultLoadBalancingPolicy.class)
                    .withString(DefaultDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, config.dataCentre());
        }
        settings.startProfile(Sessions.ONCE)
                .withClass(DefaultDriverOption.RETRY_POLICY_CLASS, NeverRetry.class)
                .endProfile()
                .startProfile(Sessions.READ)
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, timeout);
        if (!config.hedgeAfter().isZero()) {
            settings.withClass(DefaultDriverOption.SPECULATIVE_EXECUTION_POLICY_CLASS, HedgePolicy.class)
                    .withDuration(DefaultDriverOption.SPECULATIVE_EXECUTION_DELAY, config.hedgeAfter());
        }
        return settings.endProfile().build();
    }

    /** Of silence before a connection is asked whether it is alive. The driver counts whole seconds, and none is never. */
    private static Duration heartbeatInterval(Duration timeout) {
        return Duration.ofSeconds(timeout.plusSeconds(1).minusNanos(1).toSeconds());
    }

    /** Less than the interval, or the driver would ask again and complain. */
    private static Duration heartbeatTimeout(Duration timeout) {
        Duration half = timeout.dividedBy(2);
        return half.compareTo(HEARTBEAT_TIMEOUT_MIN) > 0 ? half : HEARTBEAT_TIMEOUT_MIN;
    }
}
