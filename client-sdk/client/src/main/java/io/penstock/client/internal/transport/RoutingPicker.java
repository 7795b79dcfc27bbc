package io.penstock.client.internal.transport;

import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;

/** Asks another picker until it names a server that suits the read's {@link Route}, a few times at most. Hot. */
final class RoutingPicker extends SubchannelPicker {
    /** Other calls take turns in between, so even of two servers the right one may take some asking. */
    private static final int PICKS_MAX = 8;

    private final SubchannelPicker servers;

    RoutingPicker(SubchannelPicker servers) {
        this.servers = servers;
    }

    @Override
    public PickResult pickSubchannel(PickSubchannelArgs args) {
        PickResult pick = servers.pickSubchannel(args);
        Route route = args.getCallOptions().getOption(Route.KEY);
        if (route == null) {
            return pick;
        }
        Subchannel server = pick.getSubchannel();
        for (int i = 1; i < PICKS_MAX && server != null && !route.suits(server); i++) {
            pick = servers.pickSubchannel(args);
            server = pick.getSubchannel();
        }
        if (server != null) {
            route.goesTo(server);
        }
        return pick;
    }

    @Override
    public String toString() {
        return "by route: " + servers;
    }
}
