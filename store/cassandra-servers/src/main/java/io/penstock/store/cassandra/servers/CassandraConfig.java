package io.penstock.store.cassandra.servers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line and configuration of a small node that starts fast. */
final class CassandraConfig {
    private static final List<String> EXPORTED = List.of(
            "java.base/jdk.internal.misc",
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server",
            "java.rmi/sun.rmi.transport.tcp",
            "java.sql/java.sql");
    private static final List<String> OPENED = List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.module",
            "java.base/java.lang.reflect",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.loader",
            "java.base/jdk.internal.math",
            "java.base/jdk.internal.module",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.reflect",
            "java.base/jdk.internal.util.jar",
            "java.base/jdk.internal.vm",
            "java.base/sun.nio.ch",
            "java.rmi/sun.rmi.transport.tcp",
            "jdk.management/com.sun.management.internal");

    /** What a log looks like once clients can connect. */
    static final String LISTENING = "Starting listening for CQL clients";

    private static final String LOGBACK = """
            <configuration>
              <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{20} %msg%n</pattern></encoder>
              </appender>
              <root level="INFO"><appender-ref ref="OUT"/></root>
            </configuration>
            """;

    private CassandraConfig() {}

    static List<String> command(CassandraInstallation installation, Path directory) {
        List<String> command = new ArrayList<>();
        command.add(installation.java().toString());
        for (String exported : EXPORTED) {
            command.add("--add-exports=" + exported + "=ALL-UNNAMED");
        }
        for (String opened : OPENED) {
            command.add("--add-opens=" + opened + "=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-Djdk.attach.allowAttachSelf=true",
                "-Xms256m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // a test's server is done before better code would pay
                "-XX:+ExitOnOutOfMemoryError",
                "-Dcassandra.config=" + directory.resolve("cassandra.yaml").toUri(),
                "-Dcassandra.storagedir=" + directory,
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                "-Dcassandra.ring_delay_ms=100",
                "-Dcassandra.skip_wait_for_gossip_to_settle=0",
                "-Dcassandra.superuser_setup_delay_ms=0",
                "-Dcassandra-foreground=yes",
                "-cp",
                installation.classPath(),
                "org.apache.cassandra.service.CassandraDaemon"));
        return command;
    }

    static String logback() {
        return LOGBACK;
    }

    /**
     * A small node; its own time-outs are long, because a test machine may be busy.
     *
     * @param host 1 for 127.0.0.1, which is the seed
     * @param token its place on the ring
     * @param own lines that replace those of the same name
     */
    static String yaml(Path directory, int host, int nativePort, int storagePort, long token, List<String> own) {
        List<String> lines = new ArrayList<>(List.of(
                "cluster_name: penstock-tests",
                "partitioner: org.apache.cassandra.dht.Murmur3Partitioner",
                "num_tokens: 1",
                "initial_token: " + token,
                "auto_bootstrap: false",
                "endpoint_snitch: SimpleSnitch",
                "seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds:"
                        + " \"127.0.0.1:" + storagePort + "\"}]}]",
                "listen_address: 127.0.0." + host,
                "rpc_address: 127.0.0." + host,
                "storage_port: " + storagePort,
                "native_transport_port: " + nativePort,
                "data_file_directories: [\"" + directory.resolve("data") + "\"]",
                "commitlog_directory: \"" + directory.resolve("commitlog") + "\"",
                "saved_caches_directory: \"" + directory.resolve("saved_caches") + "\"",
                "hints_directory: \"" + directory.resolve("hints") + "\"",
                "cdc_raw_directory: \"" + directory.resolve("cdc_raw") + "\"",
                "commitlog_sync: periodic",
                "commitlog_sync_period: 10000ms",
                "auto_snapshot: false",
                "memtable_heap_space: 64MiB",
                "memtable_offheap_space: 64MiB",
                "key_cache_size: 0MiB",
                "counter_cache_size: 0MiB",
                "file_cache_size: 32MiB",
                "networking_cache_size: 16MiB",
                "concurrent_reads: 16",
                "concurrent_writes: 16",
                "concurrent_compactors: 1",
                "read_request_timeout: 10s",
                "range_request_timeout: 20s",
                "write_request_timeout: 10s",
                "cas_contention_timeout: 10s",
                "truncate_request_timeout: 60s",
                "request_timeout: 20s"));
        for (String line : own) {
            String name = line.substring(0, line.indexOf(':') + 1);
            lines.removeIf(present -> present.startsWith(name));
            lines.add(line);
        }
        return String.join("\n", lines) + "\n";
    }
}
