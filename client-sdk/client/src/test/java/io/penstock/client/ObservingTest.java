package io.penstock.client;

import static io.penstock.client.TestServers.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Metadata;
import io.grpc.Status;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.penstock.client.opentelemetry.TraceHeaders;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ObservingTest {
    private static final Metadata.Key<String> TRACEPARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private final BlockingQueue<CallReport> reports = new LinkedBlockingQueue<>();

    private CallReport next() throws InterruptedException {
        CallReport report = reports.poll(20, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        return report;
    }

    @Test
    void hearsOfEveryCall() throws Exception {
        try (TestServers servers = TestServers.start(2);
                PenstockClient client = servers.client().observer(reports::add).build()) {
            client.get(DATASET, "a");
            assertIs(next(), "Get", DATASET, Status.Code.OK, Reason.REASON_UNSPECIFIED, 1);
            client.getAsync(DATASET, "a").get(20, TimeUnit.SECONDS);
            assertIs(next(), "Get", DATASET, Status.Code.OK, Reason.REASON_UNSPECIFIED, 1);
            client.batchGet(DATASET, List.of("a"));
            assertIs(next(), "BatchGet", DATASET, Status.Code.OK, Reason.REASON_UNSPECIFIED, 1);

            for (int i = 0; i < 2; i++) {
                servers.get(i).fake.get = request -> {
                    throw FakeServer.failure(Status.UNAVAILABLE, Reason.REASON_STORE_UNREACHABLE);
                };
            }
            assertThatThrownBy(() -> client.get(DATASET, "a")).isInstanceOf(UnavailableException.class);
            assertIs(next(), "Get", DATASET, Status.Code.UNAVAILABLE, Reason.REASON_STORE_UNREACHABLE, 5);
        }
    }

    private static void assertIs(
            CallReport report, String method, String dataset, Status.Code code, Reason reason, int attempts) {
        assertThat(report.nanos()).isPositive();
        assertThat(report).isEqualTo(new CallReport(method, dataset, code, reason, report.nanos(), attempts, false));
    }

    @Test
    void hearsOfHedges() throws Exception {
        try (TestServers servers = TestServers.start(2);
                PenstockClient client = servers.client()
                        .observer(reports::add)
                        .hedging(Hedging.after(Duration.ofMillis(2)))
                        .build()) {
            servers.awaitAsked(client, servers.get(0), servers.get(1));
            servers.get(0).fake.get = request -> null;
            reports.clear();
            for (int i = 0; i < 4; i++) {
                client.get(DATASET, "a");
            }
            assertThat(reports).anyMatch(report -> report.hedged() && report.attempts() == 2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hearsOnceOfWhatItsCallerCancelled(boolean hedged) throws Exception {
        try (TestServers servers = TestServers.start(2)) {
            PenstockClientBuilder builder = servers.client().observer(reports::add);
            try (PenstockClient client =
                    (hedged ? builder.hedging(Hedging.after(Duration.ofMillis(2))) : builder).build()) {
                servers.awaitAsked(client, servers.get(0), servers.get(1));
                for (int i = 0; i < 2; i++) {
                    servers.get(i).fake.get = request -> null;
                    servers.get(i).fake.batchGet = request -> null;
                }
                reports.clear();
                client.getAsync(DATASET, "a").cancel(false);
                assertCancelled(next(), "Get", hedged);
                client.batchGetAsync(DATASET, List.of("a")).cancel(false);
                assertCancelled(next(), "BatchGet", hedged);
            }
            assertThat(reports).isEmpty();
        }
    }

    private static void assertCancelled(CallReport report, String method, boolean mayBeHedged) {
        assertThat(report.method()).isEqualTo(method);
        assertThat(report.code()).isEqualTo(Status.Code.CANCELLED);
        assertThat(report.hedged()).isIn(false, mayBeHedged);
    }

    @Test
    void countsOnWhenTheObserverFails() {
        try (TestServers servers = TestServers.start(1);
                PenstockClient client = servers.client()
                        .observer(report -> {
                            throw new IllegalStateException("a bug of the observer's");
                        })
                        .build()) {
            assertThat(client.get(DATASET, "a").outcome()).isEqualTo(Outcome.FOUND);
        }
    }

    @Test
    void carriesTheCallersTraceInEveryRequest() throws Exception {
        OpenTelemetry telemetry =
                OpenTelemetry.propagating(ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
        Span span = Span.wrap(SpanContext.create(TRACE, SPAN, TraceFlags.getSampled(), TraceState.getDefault()));
        List<String> keys = IntStream.range(0, 2_500).mapToObj(i -> "k" + i).toList();
        try (TestServers servers = TestServers.start(1);
                PenstockClient client =
                        servers.client().headers(TraceHeaders.of(telemetry)).build()) {
            try (Scope scope = span.makeCurrent()) {
                assertThat(scope).isNotNull();
                client.get(DATASET, "a");
                client.batchGetAsync(DATASET, keys).get(20, TimeUnit.SECONDS);
            }
            assertThat(servers.get(0).headers)
                    .hasSize(4)
                    .extracting(headers -> headers.get(TRACEPARENT))
                    .containsOnly("00-" + TRACE + "-" + SPAN + "-01");
            client.get(DATASET, "a");
            assertThat(servers.get(0).headers.get(4).get(TRACEPARENT)).isNull();
        }
    }
}
