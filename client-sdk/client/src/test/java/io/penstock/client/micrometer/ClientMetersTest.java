package io.penstock.client.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.penstock.client.CallReport;
import io.penstock.serving.v1.Reason;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClientMeters meters = new ClientMeters(registry);

    @Test
    void timesCallsByWhatTheyAskedForAndHowTheyEnded() {
        meters.ended(
                new CallReport("Get", "orders.v1", Status.Code.OK, Reason.REASON_UNSPECIFIED, 2_000_000, 1, false));
        meters.ended(
                new CallReport("Get", "orders.v1", Status.Code.OK, Reason.REASON_UNSPECIFIED, 3_000_000, 1, false));
        meters.ended(new CallReport(
                "BatchGet", "", Status.Code.UNAVAILABLE, Reason.REASON_STORE_UNREACHABLE, 4_000_000, 5, false));
        assertThat(registry.get("penstock.client.calls")
                        .tags("method", "Get", "dataset", "orders.v1", "code", "ok", "reason", "none")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(5);
        assertThat(registry.get("penstock.client.calls")
                        .tags(
                                "method",
                                "BatchGet",
                                "dataset",
                                "none",
                                "code",
                                "unavailable",
                                "reason",
                                "store_unreachable")
                        .timer()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void countsRetriesAndHedges() {
        meters.ended(new CallReport("Get", "orders.v1", Status.Code.OK, Reason.REASON_UNSPECIFIED, 1, 3, false));
        meters.ended(new CallReport("Get", "orders.v1", Status.Code.OK, Reason.REASON_UNSPECIFIED, 1, 2, true));
        meters.ended(new CallReport("Get", "orders.v1", Status.Code.OK, Reason.REASON_UNSPECIFIED, 1, 1, false));
        meters.ended(
                new CallReport("Get", "orders.v1", Status.Code.UNAVAILABLE, Reason.REASON_UNSPECIFIED, 1, 0, false));
        assertThat(extra("retry")).isEqualTo(2);
        assertThat(extra("hedge")).isEqualTo(1);
    }

    private double extra(String cause) {
        return registry.get("penstock.client.extra.requests")
                .tags("method", "Get", "cause", cause)
                .counter()
                .count();
    }

    @Test
    void hasNoMeterThatIsNotDocumented() {
        meters.ended(new CallReport("Get", "orders.v1", Status.Code.OK, Reason.REASON_UNSPECIFIED, 1, 3, true));
        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .extracting(Meter.Id::getName)
                .containsOnly(ClientMeters.CALLS, ClientMeters.EXTRA_REQUESTS);
    }
}
