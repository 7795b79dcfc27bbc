package io.penstock.client.internal.transport;

import io.grpc.ConnectivityState;
import io.grpc.LoadBalancer;
import io.grpc.LoadBalancerProvider;
import io.grpc.LoadBalancerRegistry;
import io.grpc.NameResolver.ConfigOrError;
import io.grpc.util.ForwardingLoadBalancerHelper;
import java.util.Map;
import java.util.Objects;

/** gRPC's {@code round_robin} over the healthy servers, which minds a read's {@link Route}. */
final class RoutingBalancerProvider extends LoadBalancerProvider {
    static final String POLICY = "penstock_round_robin";

    private static final String SERVERS_POLICY = "round_robin";
    private static final int PRIORITY = 5;

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public int getPriority() {
        return PRIORITY;
    }

    @Override
    public String getPolicyName() {
        return POLICY;
    }

    @Override
    public ConfigOrError parseLoadBalancingPolicyConfig(Map<String, ?> config) {
        return ConfigOrError.fromConfig("no config");
    }

    @Override
    public LoadBalancer newLoadBalancer(LoadBalancer.Helper helper) {
        LoadBalancerProvider servers = Objects.requireNonNull(
                LoadBalancerRegistry.getDefaultRegistry().getProvider(SERVERS_POLICY),
                "gRPC's round_robin (expected: grpc-util on the class path, with its META-INF/services)");
        return servers.newLoadBalancer(new ForwardingLoadBalancerHelper() {
            @Override
            protected LoadBalancer.Helper delegate() {
                return helper;
            }

            @Override
            public void updateBalancingState(ConnectivityState state, LoadBalancer.SubchannelPicker picker) {
                helper.updateBalancingState(state, new RoutingPicker(picker));
            }
        });
    }
}
