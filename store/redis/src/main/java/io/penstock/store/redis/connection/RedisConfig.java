package io.penstock.store.redis.connection;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a Redis and how patiently.
 *
 * @param url redacted, for messages
 * @param seeds the server; or some of the Sentinels or of the cluster's nodes, asked in this order
 * @param primaryName what the Sentinels call the primary; null without Sentinel
 * @param sentinelLogin what the Sentinels want, which is not what the servers want
 * @param tls null for plain text
 * @param timeout how long a connection may take to be made, or may stay silent while an answer is due
 * @param readsReplicas whether weak reads go to replicas
 */
public record RedisConfig(
        String url,
        Mode mode,
        List<NodeAddress> seeds,
        @Nullable String primaryName,
        int database,
        Login login,
        Login sentinelLogin,
        @Nullable Tls tls,
        Duration timeout,
        boolean readsReplicas) {
    public RedisConfig {
        seeds = List.copyOf(seeds);
    }

    /** How the servers are organised. */
    public enum Mode {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    /** What a server is told about who we are; both null: nothing. */
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
     * @param ca who may have signed the server's certificate; null: whoever the JVM trusts
     * @param certificate ours, with {@code key}; null: none
     * @param checksHost whether the certificate must name the host connected to
     */
    public record Tls(
            @Nullable Path ca,
            @Nullable Path certificate,
            @Nullable Path key,
            boolean checksHost) {}
}
