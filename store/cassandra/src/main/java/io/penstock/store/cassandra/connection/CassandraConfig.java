package io.penstock.store.cassandra.connection;

import io.penstock.store.cassandra.schema.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a cluster and how patiently.
 *
 * @param url redacted, for messages
 * @param contacts some of the nodes; the rest are found
 * @param dataCentre whose nodes are asked; null: the one all contacts are in
 * @param replication what the keyspace must have; null: whatever it has
 * @param tls null for plain text
 * @param timeout how long a connection may take to be made, or a read to be answered
 * @param writeTimeout how long anything but a read of a server may take
 * @param hedgeAfter how long a read waits for one node before it asks another as well; zero: never
 * @param pendingReads how many reads of one event loop may be unanswered
 */
public record CassandraConfig(
        String url,
        List<Contact> contacts,
        String keyspace,
        @Nullable String dataCentre,
        @Nullable Replication replication,
        Login login,
        @Nullable Tls tls,
        Duration timeout,
        Duration writeTimeout,
        Duration hedgeAfter,
        int pendingReads) {
    public CassandraConfig {
        contacts = List.copyOf(contacts);
    }

    /** One node as the URL names it. */
    public record Contact(String host, int port) {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** Who we are to the cluster; both null: nobody. */
    public record Login(@Nullable String user, @Nullable String password) {
        public static final Login NONE = new Login(null, null);

        @Override
        public String toString() {
            return password == null ? "Login[none]" : "Login[***]";
        }
    }

    /**
     * TLS with files in PEM.
     *
     * @param ca who may have signed a node's certificate; null: whoever the JVM trusts
     * @param certificate ours, with {@code key}; null: none
     * @param checksHost whether the certificate must name the host connected to
     */
    public record Tls(
            @Nullable Path ca,
            @Nullable Path certificate,
            @Nullable Path key,
            boolean checksHost) {}
}
