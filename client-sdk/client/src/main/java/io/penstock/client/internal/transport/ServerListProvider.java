package io.penstock.client.internal.transport;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Resolves {@code penstock-list:///a:7070,b:7070}: each server by gRPC's DNS, all of them together. */
final class ServerListProvider extends NameResolverProvider {
    static final String SCHEME = "penstock-list";

    private static final int PRIORITY = 5;

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return PRIORITY;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        if (!SCHEME.equals(target.getScheme())) {
            return null;
        }
        List<String> servers = ServerAddresses.split(target.getPath().substring(1));
        NameResolverProvider dns = Objects.requireNonNull(
                args.getNameResolverRegistry().getProviderForScheme("dns"),
                "gRPC's DNS resolver (expected: grpc-core on the class path, with its META-INF/services)");
        List<NameResolver> resolvers = new ArrayList<>();
        for (String server : servers) {
            resolvers.add(
                    Objects.requireNonNull(dns.newNameResolver(URI.create(ServerAddresses.dns(server)), args), server));
        }
        return new ServerList(servers, resolvers);
    }
}
