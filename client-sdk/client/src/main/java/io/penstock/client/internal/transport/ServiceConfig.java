package io.penstock.client.internal.transport;

import io.penstock.serving.v1.ServingServiceGrpc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What gRPC is told about retries, load balancing and health, in the form of a gRPC service config. Others, in other
 * languages, can use the same: {@code docs/other-languages.md} shows it.
 */
final class ServiceConfig {
    static final int ATTEMPTS_MAX = 5;

    /** The tokens that failures take and successes give back; below half of them nothing is retried. */
    static final int RETRY_TOKENS_MAX = 1_000;

    /** What a success gives back: in the long run one retry for ten calls. */
    static final double RETRY_TOKENS_OF_SUCCESS = 0.1;

    private ServiceConfig() {}

    /** The service config, for {@code ManagedChannelBuilder.defaultServiceConfig}. */
    static Map<String, Object> of(boolean healthChecks) {
        String service = ServingServiceGrpc.SERVICE_NAME;
        Map<String, Object> config = new HashMap<>();
        config.put("loadBalancingConfig", List.of(Map.of(RoutingBalancerProvider.POLICY, Map.of())));
        config.put(
                "methodConfig",
                List.of(Map.of(
                        "name",
                        List.of(
                                Map.of("service", service, "method", "Get"),
                                Map.of("service", service, "method", "BatchGet"),
                                Map.of("service", service, "method", "GetDataset"),
                                Map.of("service", service, "method", "ListDatasets"),
                                Map.of("service", service, "method", "GetContract")),
                        "retryPolicy",
                        retryPolicy())));
        config.put(
                "retryThrottling",
                Map.of("maxTokens", (double) RETRY_TOKENS_MAX, "tokenRatio", RETRY_TOKENS_OF_SUCCESS));
        if (healthChecks) {
            config.put("healthCheckConfig", Map.of("serviceName", ""));
        }
        return config;
    }

    /** Every call is a read: it may be sent again whatever became of it. Overload is no reason to. */
    private static Map<String, Object> retryPolicy() {
        return Map.of(
                "maxAttempts",
                (double) ATTEMPTS_MAX,
                "initialBackoff",
                "0.002s",
                "maxBackoff",
                "0.1s",
                "backoffMultiplier",
                4.0,
                "retryableStatusCodes",
                List.of("UNAVAILABLE"));
    }
}
