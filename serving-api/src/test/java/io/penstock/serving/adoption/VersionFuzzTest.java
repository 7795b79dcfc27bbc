package io.penstock.serving.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.testing.VersionDraft;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.blob.Seal;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Manifests and chunks whose seal is right and whose content is not: adopted, or held off with a reason. */
class VersionFuzzTest {
    private static final String ITEMS = "items.v1";

    private final ViewFixture server = new ViewFixture();
    private long next;
    private byte[] whole = {};

    @ParameterizedTest
    @EnumSource(
            value = BlobKind.class,
            names = {"MANIFEST", "CHUNK"})
    void isAdoptedOrHeldOff(BlobKind kind) throws Exception {
        server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "a"));
        server.start();
        publishNext(kind);
        try {
            Fuzz.bytes(kind.label(), List.of(whole)).allocatingAtMost(64 << 20).run(200, body -> {
                long before = server.servedNumber(ITEMS);
                server.publisher().lose(address(kind));
                server.publisher().put(Blob.of(address(kind), body));
                server.time.advance(Duration.ofMinutes(1));
                assertThat(server.status(ITEMS).problem()).doesNotContain("a bug");
                if (server.servedNumber(ITEMS) != before) {
                    publishNext(kind);
                } else {
                    assertThat(server.status(ITEMS).problem())
                            .contains(address(kind).keyName());
                }
            });
        } finally {
            server.close();
        }
    }

    private BlobAddress address(BlobKind kind) {
        return new BlobAddress(kind, server.publisher().id(ITEMS), next, 0);
    }

    private void publishNext(BlobKind kind) {
        next = server.publisher().publish(VersionDraft.of(ITEMS).rows(20, "b" + next));
        byte[] sealed = Objects.requireNonNull(server.publisher().get(address(kind)));
        whole = Arrays.copyOf(sealed, sealed.length - Seal.BYTES);
    }
}
