package io.penstock.client.internal.transport;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of several servers. A server whose name is not known is left out while others are; each is expected to
 * have a certificate for its own name.
 *
 * <p>Confined to the channel's synchronization context, as gRPC does with name resolvers.
 */
final class ServerList extends NameResolver {
    private final List<String> servers;
    private final List<NameResolver> resolvers;
    private final List<@Nullable StatusOr<List<EquivalentAddressGroup>>> found;

    ServerList(List<String> servers, List<NameResolver> resolvers) {
        this.servers = servers;
        this.resolvers = resolvers;
        this.found = new ArrayList<>();
        resolvers.forEach(resolver -> found.add(null));
    }

    @Override
    public String getServiceAuthority() {
        return resolvers.get(0).getServiceAuthority();
    }

    @Override
    public void start(Listener2 listener) {
        for (int i = 0; i < resolvers.size(); i++) {
            int index = i;
            resolvers.get(i).start(new Listener2() {
                @Override
                public void onResult(ResolutionResult result) {
                    onResult2(result);
                }

                @Override
                public Status onResult2(ResolutionResult result) {
                    return resolved(index, result.getAddressesOrError(), listener);
                }

                @Override
                public void onError(Status error) {
                    resolved(index, StatusOr.fromStatus(error), listener);
                }
            });
        }
    }

    private Status resolved(int index, StatusOr<List<EquivalentAddressGroup>> addresses, Listener2 listener) {
        StatusOr<List<EquivalentAddressGroup>> before = found.get(index);
        if (addresses.hasValue() || before == null || !before.hasValue()) {
            found.set(index, addresses); // else the addresses of a server stay while nobody can say better
        }
        List<EquivalentAddressGroup> all = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            StatusOr<List<EquivalentAddressGroup>> each = found.get(i);
            if (each != null && each.hasValue()) {
                for (EquivalentAddressGroup group : each.getValue()) {
                    all.add(named(servers.get(i), group));
                }
            }
        }
        if (all.isEmpty() && found.contains(null)) {
            return addresses.getStatus(); // others may be found
        }
        StatusOr<List<EquivalentAddressGroup>> result =
                all.isEmpty() ? StatusOr.fromStatus(addresses.getStatus()) : StatusOr.fromValue(all);
        Status taken = listener.onResult2(
                ResolutionResult.newBuilder().setAddressesOrError(result).build());
        return addresses.hasValue() ? taken : addresses.getStatus();
    }

    private static EquivalentAddressGroup named(String server, EquivalentAddressGroup group) {
        Attributes attributes = group.getAttributes().toBuilder()
                .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, server)
                .build();
        return new EquivalentAddressGroup(group.getAddresses(), attributes);
    }

    @Override
    public void refresh() {
        resolvers.forEach(NameResolver::refresh);
    }

    @Override
    public void shutdown() {
        resolvers.forEach(NameResolver::shutdown);
    }
}
