package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.penstock.serving.read.ReadPath;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTimeoutsTest {
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> OURS =
            Metadata.Key.of("penstock-deadline-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final String GET = "penstock.serving.v1.ServingService/Get";

    private final CallTimeouts timeouts = new CallTimeouts();
    private final Metadata headers = new Metadata();

    @ParameterizedTest
    @CsvSource({
        "1n,1",
        "20u,20000",
        "300m,300000000",
        "4S,4000000000",
        "5M,300000000000",
        "6H,21600000000000",
        "0m,0",
        "99999999H,9223372036854775807",
        "m,-1",
        "'',-1",
        "1,-1",
        "123456789m,-1",
        "-1m,-1",
        "1x,-1"
    })
    void readsATimeout(String timeout, long nanos) {
        assertThat(CallTimeouts.nanos(timeout)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "penstock.serving.v1.ServingService/BatchGet"})
    void keepsALookupsDeadlineFromGrpc(String method) {
        headers.put(TIMEOUT, "250m");
        long before = System.nanoTime();

        timeouts.newServerStreamTracer(method, headers);

        assertThat(headers.get(TIMEOUT)).isNull();
        assertThat(CallTimeouts.deadlineNanos(headers) - before - TimeUnit.MILLISECONDS.toNanos(250))
                .isBetween(0L, TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void cutsADeadlineThatNobodyLivesToSee() {
        headers.put(TIMEOUT, "99999999H");

        timeouts.newServerStreamTracer(GET, headers);

        assertThat(CallTimeouts.deadlineNanos(headers) - System.nanoTime())
                .isBetween(TimeUnit.HOURS.toNanos(23), TimeUnit.HOURS.toNanos(24));
    }

    @Test
    void leavesOtherMethodsTheirs() {
        headers.put(TIMEOUT, "250m");

        timeouts.newServerStreamTracer("penstock.serving.v1.ServingService/ListDatasets", headers);

        assertThat(headers.get(TIMEOUT)).isEqualTo("250m");
        assertThat(CallTimeouts.deadlineNanos(headers)).isEqualTo(ReadPath.NO_DEADLINE);
    }

    @Test
    void leavesToGrpcWhatIsNoTimeout() {
        headers.put(TIMEOUT, "soon");

        timeouts.newServerStreamTracer(GET, headers);

        assertThat(headers.get(TIMEOUT)).isEqualTo("soon");
        assertThat(CallTimeouts.deadlineNanos(headers)).isEqualTo(ReadPath.NO_DEADLINE);
    }

    @Test
    void believesNoDeadlineOfACallersMaking() {
        headers.put(OURS, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});

        timeouts.newServerStreamTracer(GET, headers);

        assertThat(CallTimeouts.deadlineNanos(headers)).isEqualTo(ReadPath.NO_DEADLINE);
    }
}
