package io.penstock.serving.grpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.ServingView;
import java.time.Clock;

/**
 * Keeps gRPC's health service: {@code ""} for the server, and every dataset under its full name and, in the first
 * namespace, its short one. One bad dataset does not fail the server.
 */
final class Health {
    private final HealthStatusManager manager = new HealthStatusManager();
    private final Clock clock;

    Health(Clock clock) {
        this.clock = clock;
        manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
    }

    BindableService service() {
        return manager.getHealthService();
    }

    /** Says what is so now. Any thread; cheap when nothing changed. */
    void update(ServingView view, boolean ready) {
        manager.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status(ready));
        String first = view.namespaces().get(0).namespace();
        for (DatasetStatus dataset : view.datasets()) {
            ServingStatus status = status(isReadable(dataset));
            manager.setStatus(dataset.id().toString(), status);
            if (dataset.id().namespace().equals(first)) {
                manager.setStatus(dataset.id().name(), status);
            }
        }
    }

    private boolean isReadable(DatasetStatus dataset) {
        Dataset.State state = dataset.state(clock.millis(), System.nanoTime());
        return state == Dataset.State.STATE_SERVING || state == Dataset.State.STATE_HOLDING;
    }

    private static ServingStatus status(boolean serving) {
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    /** NOT_SERVING, for everything and for good. */
    void end() {
        manager.enterTerminalState();
    }
}
