package io.penstock.client.internal.transport;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelRegistry;
import io.grpc.NameResolverRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Opens channels as the client wants them, on whichever gRPC transport the class path has. */
public final class Channels {
    /** Finds a dead server, which a health watch alone does not notice. Servers allow it every ten seconds. */
    private static final long KEEP_ALIVE_SECONDS = 20;

    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 5;

    static {
        // Registered by hand: files under META-INF/services get lost when jars are merged.
        LoadBalancerRegistry.getDefaultRegistry().register(new RoutingBalancerProvider());
        NameResolverRegistry.getDefaultRegistry().register(new ServerListProvider());
    }

    private Channels() {}

    /**
     * Opens a channel, which starts to connect at once.
     *
     * @param healthChecks whether a server that says NOT_SERVING is left out
     * @param authority the name that the servers' certificates are for; empty: that of each in the target
     * @throws IllegalStateException if the class path has no gRPC transport
     */
    public static ManagedChannel open(
            ServerAddresses servers, ChannelCredentials credentials, boolean healthChecks, Optional<String> authority) {
        ManagedChannelBuilder<?> builder = newBuilder(servers, credentials)
                .defaultServiceConfig(ServiceConfig.of(healthChecks))
                .disableServiceConfigLookUp()
                .maxRetryAttempts(ServiceConfig.ATTEMPTS_MAX)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .idleTimeout(Long.MAX_VALUE, TimeUnit.DAYS) // the next read would have to connect first
                .userAgent("penstock-java/" + version());
        authority.ifPresent(builder::overrideAuthority);
        ManagedChannel channel = builder.build();
        channel.getState(true);
        return channel;
    }

    private static ManagedChannelBuilder<?> newBuilder(ServerAddresses servers, ChannelCredentials credentials) {
        try {
            return Grpc.newChannelBuilder(servers.uri(), credentials);
        } catch (ManagedChannelRegistry.ProviderNotFoundException e) {
            throw new IllegalStateException(
                    "target: " + servers.target() + ": no gRPC transport for it on the class path"
                            + " (expected: grpc-netty-shaded, or another in its place): " + e.getMessage(),
                    e);
        }
    }

    private static String version() {
        String version = Channels.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
