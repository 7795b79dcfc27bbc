package io.penstock.client.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ServerListTest {
    private final Named a = new Named();
    private final Named b = new Named();
    private final List<StatusOr<List<EquivalentAddressGroup>>> told = new ArrayList<>();

    private void start() {
        new ServerList(List.of("a:1", "b:2"), List.of(a, b)).start(new NameResolver.Listener2() {
            @Override
            public void onResult(NameResolver.ResolutionResult result) {
                told.add(result.getAddressesOrError());
            }

            @Override
            public void onError(Status error) {
                told.add(StatusOr.fromStatus(error));
            }
        });
    }

    private List<EquivalentAddressGroup> last() {
        return told.get(told.size() - 1).getValue();
    }

    @Test
    void aServerWhoseNameIsNotKnownIsLeftOut() {
        start();
        a.found(1);
        b.failed();
        assertThat(last()).hasSize(1);
    }

    /** Names that nobody can resolve for a while are no news of the servers behind them. */
    @Test
    void addressesStayWhileNamesCannotBeResolved() {
        start();
        a.found(1);
        b.found(2);
        a.failed();
        b.failed();
        assertThat(last()).hasSize(2);

        a.found(3);
        assertThat(last().get(0).getAddresses())
                .containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 3));
        assertThat(last()).hasSize(2);
    }

    /** A name somebody else decides on. */
    private static final class Named extends NameResolver {
        private @Nullable Listener2 listener;

        void found(int port) {
            tell(StatusOr.fromValue(List.of(
                    new EquivalentAddressGroup(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))));
        }

        void failed() {
            tell(StatusOr.fromStatus(Status.UNAVAILABLE));
        }

        private void tell(StatusOr<List<EquivalentAddressGroup>> addresses) {
            Status unused = Objects.requireNonNull(listener)
                    .onResult2(ResolutionResult.newBuilder()
                            .setAddressesOrError(addresses)
                            .build());
        }

        @Override
        public void start(Listener2 newListener) {
            listener = newListener;
        }

        @Override
        public String getServiceAuthority() {
            return "test";
        }

        @Override
        public void shutdown() {}
    }
}
