package io.penstock.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
    /** A server that expects TLS ends a plaintext connection; which of these is seen depends on who is first. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "io exception: recvAddress(..) failed with error(-104): Connection reset by peer",
                "Network closed for unknown reason",
                "end of stream or IOException"
            })
    void aConnectionThatEndsBeforeTheAnswerMayBeOneForTls(String description) {
        assertThat(Diagnosis.remedy(Status.UNAVAILABLE.withDescription(description), description))
                .contains("TLS");
    }
}
