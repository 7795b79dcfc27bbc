package io.penstock.client.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerAddressesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "localhost:7070 dns:///localhost:7070",
                "[::1]:7070 dns:///%5B::1%5D:7070",
                "a:1,b:2 penstock-list:///a:1,b:2",
                "10.0.0.1:1,[::1]:2 penstock-list:///10.0.0.1:1,%5B::1%5D:2",
                "dns:///penstock:7070 dns:///penstock:7070",
                "unix:/run/penstock unix:/run/penstock",
                "xds:///penstock xds:///penstock",
            })
    void turnsATargetIntoWhatGrpcResolves(String target, String uri) {
        assertThat(ServerAddresses.of(target)).isEqualTo(new ServerAddresses(target, uri));
    }
}
